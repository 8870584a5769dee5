using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Layers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Backbones;

/// <summary>A network for small devices: inverted bottlenecks of depthwise convolutions, and a depthwise one over the whole image instead of
/// a mean; 1,003,136 parameters at 112×112 and D = 128.</summary>
/// <remarks>3×3 convolution with stride 2, 3×3 depthwise, bottlenecks (t, c, n, s) (2, w, 5, 2) (4, 2w, 1, 2) (2, 2w, 6, 1) (4, 2w, 1, 2)
/// (2, 2w, 2, 1), 1×1 to 8w, depthwise over what is left of the image, 1×1 to D: the embedding; batch norm after each convolution, PReLU but
/// after linear ones. Chen et al., CCBR 2018, table 1. Parameters are named as in the PyTorch implementation of github.com/Xiaoccer.</remarks>
[Component("mobilefacenet", Summary = "depthwise bottlenecks, a million parameters", Paper = "Chen et al., MobileFaceNets, CCBR 2018")]
public sealed class MobileFaceNet : Backbone
{
    private static readonly (int Expansion, int Widening, int Repeats, int Stride)[] Stages =
        [(2, 1, 5, 2), (4, 2, 1, 2), (2, 2, 6, 1), (4, 2, 1, 2), (2, 2, 2, 1)];

    private readonly Layer[] _layers;

    /// <summary>Builds the network.</summary>
    /// <param name="context">Image size, a square or nearly, and randomness.</param>
    /// <param name="embedding">D.</param>
    /// <param name="width">w, channels of the first convolution.</param>
    /// <exception cref="InputException">The image is no square.</exception>
    public MobileFaceNet(
        BackboneContext context,
        [Range(1, 4096), Description("embedding size D")] int embedding = 128,
        [Range(1, 1024), Description("channels w of the first convolution")] int width = 64)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (Embedding, Width) = (embedding, width);
        int side = Enumerable.Range(0, 4).Aggregate(context.Height, (s, _) => (s + 1) / 2);
        if (side != Enumerable.Range(0, 4).Aggregate(context.Width, (s, _) => (s + 1) / 2))
        {
            throw new InputException($"mobilefacenet needs square images but these are {context.Height}×{context.Width}; bring them to one side with --size.");
        }

        Rng random = context.Random;
        List<Layer> layers =
        [
            Add("conv1", Unit.Dense(context.Channels, width, 3, 2, random.Fork("conv1"))), Add("dw_conv1", Unit.Depthwise(width, 3, 1, 1, random.Fork("dw_conv1"))),
        ];
        List<Layer> blocks = [];
        int inputs = width;
        foreach ((int expansion, int widening, int repeats, int stride) in Stages)
        {
            for (int i = 0; i < repeats; i++)
            {
                blocks.Add(new Bottleneck(inputs, widening * width, i == 0 ? stride : 1, expansion, random.Fork("block", blocks.Count)));
                inputs = widening * width;
            }
        }

        layers.Add(Add("blocks", new Sequential([.. blocks])));
        layers.Add(Add("conv2", Unit.Dense(inputs, 8 * width, 1, 1, random.Fork("conv2"))));
        layers.Add(Add("linear7", Unit.Depthwise(8 * width, side, 1, 0, random.Fork("linear7"), linear: true)));
        layers.Add(Add("linear1", Unit.Dense(8 * width, embedding, 1, 1, random.Fork("linear1"), linear: true)));
        layers.Add(new Flatten());
        _layers = [.. layers];
    }

    /// <inheritdoc/>
    public override int Embedding { get; }

    /// <summary>Channels of the first convolution.</summary>
    public int Width { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        RequireInput(x);
        return Sequential.Chain(_layers, x);
    }

    private static Conv2d Dense(int inputs, int outputs, int kernel, int stride, Rng random) =>
        new(inputs, outputs, kernel, random, stride, kernel / 2, bias: false, initializer: Initializers.KaimingNormal);

    /// <summary>Convolution, batch norm, and PReLU unless linear.</summary>
    private sealed class Unit : Layer
    {
        private readonly Layer[] _parts;

        private Unit(Layer convolution, int channels, bool linear)
        {
            Layer first = Add("conv", convolution), norm = Add("bn", new BatchNorm2d(channels));
            _parts = linear ? [first, norm] : [first, norm, Add("prelu", new PReLU(channels))];
        }

        public static Unit Dense(int inputs, int outputs, int kernel, int stride, Rng random, bool linear = false) =>
            new(MobileFaceNet.Dense(inputs, outputs, kernel, stride, random), outputs, linear);

        public static Unit Depthwise(int channels, int kernel, int stride, int padding, Rng random, bool linear = false) =>
            new(new DepthwiseConv2d(channels, kernel, random, stride, padding, Initializers.KaimingNormal), channels, linear);

        protected override Tensor Compute(Tensor x) => Sequential.Chain(_parts, x);
    }

    /// <summary>1×1 to t·c channels, 3×3 depthwise, linear 1×1 back; plus the input where shapes are the same.</summary>
    private sealed class Bottleneck : Layer
    {
        private readonly Sequential _body;
        private readonly Sum? _sum;

        public Bottleneck(int inputs, int outputs, int stride, int expansion, Rng random)
        {
            int inner = inputs * expansion;
            _sum = stride == 1 && inputs == outputs ? new Sum() : null;
            _body = Add("conv", new Sequential(
                Dense(inputs, inner, 1, 1, random.Fork("expand")), new BatchNorm2d(inner), new PReLU(inner),
                new DepthwiseConv2d(inner, 3, random.Fork("depthwise"), stride, 1, Initializers.KaimingNormal), new BatchNorm2d(inner), new PReLU(inner),
                Dense(inner, outputs, 1, 1, random.Fork("shrink")), new BatchNorm2d(outputs)));
        }

        protected override Tensor Compute(Tensor x) => _sum is null ? _body.Forward(x) : Residual.Join(_sum, x, _body.Parts, shortcut: null);
    }
}
