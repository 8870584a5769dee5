using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Layers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Backbones;

/// <summary>A residual network for small images, 712,896 parameters at 32×32 RGB and D = 128.</summary>
/// <remarks>3×3 convolution, batch norm, PReLU; three stages of w, 2w, 4w channels, the second and third halving the image, each of
/// [3×3 convolution, batch norm, PReLU, 3×3 convolution, batch norm] beside a shortcut (1×1 where the size changes), PReLU after the sum;
/// mean over the image; linear to D without bias; batch norm: the embedding. He et al., CVPR 2016, section 4.2, with PReLU for ReLU and the
/// classifier replaced.</remarks>
[Component("small-resnet", Summary = "residual network of three stages for small images (28×28 to 64×64)", Paper = "He et al., CVPR 2016, section 4.2")]
public sealed class SmallResNet : Backbone
{
    private readonly Sequential _body;

    /// <summary>Builds the network.</summary>
    /// <param name="context">Image size and randomness.</param>
    /// <param name="embedding">D.</param>
    /// <param name="width">Channels of the first stage.</param>
    /// <param name="blocks">Blocks of each stage.</param>
    /// <param name="dropout">Share of the last features that is dropped while training.</param>
    public SmallResNet(
        BackboneContext context,
        [Range(1, 4096), Description("embedding size D")] int embedding = 128,
        [Range(1, 1024), Description("channels of the first stage, doubled in each later one")] int width = 32,
        [Range(1, 100), Description("blocks of each stage")] int blocks = 2,
        [Range(0, 0.99), Description("share of the last features dropped in training")] float dropout = 0f)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (Embedding, Width, Blocks, Dropout) = (embedding, width, blocks, dropout);
        Rng random = context.Random;
        List<Layer> layers = [Convolution(context.Channels, width, 3, 1, random.Fork("stem")), new BatchNorm2d(width), new PReLU(width)];
        int inputs = width;
        for (int stage = 0; stage < 3; stage++)
        {
            int outputs = width << stage;
            for (int b = 0; b < blocks; b++)
            {
                layers.AddRange(Block(inputs, outputs, stage > 0 && b == 0 ? 2 : 1, random.Fork("stage", stage).Fork("block", b)));
                inputs = outputs;
            }
        }

        _body = Add("body", new Sequential(
        [
            .. layers, new GlobalAvgPool2d(), new Dropout(dropout), new Linear(inputs, embedding, random.Fork("linear"), bias: false), new BatchNorm1d(embedding),
        ]));
    }

    /// <inheritdoc/>
    public override int Embedding { get; }

    /// <summary>Channels of the first stage.</summary>
    public int Width { get; }

    /// <summary>Blocks of each stage.</summary>
    public int Blocks { get; }

    /// <summary>Share of the last features that is dropped while training.</summary>
    public float Dropout { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        RequireInput(x);
        return _body.Forward(x);
    }

    private static Layer[] Block(int inputs, int outputs, int stride, Rng random)
    {
        Sequential body = new(
            Convolution(inputs, outputs, 3, stride, random.Fork("conv", 1)), new BatchNorm2d(outputs), new PReLU(outputs),
            Convolution(outputs, outputs, 3, 1, random.Fork("conv", 2)), new BatchNorm2d(outputs));
        Sequential? shortcut = stride == 1 && inputs == outputs ? null : new(
            Convolution(inputs, outputs, 1, stride, random.Fork("shortcut")), new BatchNorm2d(outputs));
        return [new Residual(body, shortcut), new PReLU(outputs)];
    }

    private static Conv2d Convolution(int inputs, int outputs, int kernel, int stride, Rng random) =>
        new(inputs, outputs, kernel, random, stride, padding: kernel / 2, bias: false, initializer: Initializers.KaimingNormal);
}
