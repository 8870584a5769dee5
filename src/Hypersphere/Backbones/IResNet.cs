using Hypersphere.Layers;
using Hypersphere.Tensors;

namespace Hypersphere.Backbones;

/// <summary>The residual network of insightface's arcface_torch: normalised before each block, PReLU, a linear layer at the end.</summary>
/// <remarks>3×3 convolution, batch norm, PReLU; four stages of w, 2w, 4w, 8w channels whose first block halves the image; batch norm,
/// dropout, flatten, linear to D, batch norm with its scale fixed at 1: the embedding. Deng et al., CVPR 2019, section 3.1; He et al.,
/// CVPR 2016. Convolutions begin as N(0, 0.1). Parameters are named as in arcface_torch's checkpoints.</remarks>
public abstract class IResNet : Backbone
{
    private readonly Layer[] _layers;

    private protected IResNet(
        BackboneContext context, IReadOnlyList<int> blocks, int embedding, int width, int stemStride, float dropout)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (Embedding, Width, Dropout) = (embedding, width, dropout);
        Rng random = context.Random;
        List<Layer> layers =
        [
            Add("conv1", Convolution(context.Channels, width, 3, stemStride, random.Fork("conv1"))),
            Add("bn1", new BatchNorm2d(width)),
            Add("prelu", new PReLU(width)),
        ];
        int inputs = width, height = Halved(context.Height, stemStride), columns = Halved(context.Width, stemStride);
        for (int stage = 0; stage < blocks.Count; stage++)
        {
            int outputs = width << stage, first = inputs;
            Rng stageRandom = random.Fork("stage", stage);
            layers.Add(Add($"layer{stage + 1}", new Sequential([.. Enumerable.Range(0, blocks[stage]).Select(b =>
                new IResNetBlock(b == 0 ? first : outputs, outputs, b == 0 ? 2 : 1, stageRandom.Fork("block", b)))])));
            (inputs, height, columns) = (outputs, Halved(height, 2), Halved(columns, 2));
        }

        layers.Add(Add("bn2", new BatchNorm2d(inputs)));
        layers.Add(Add("dropout", new Dropout(dropout)));
        layers.Add(new Flatten());
        layers.Add(Add("fc", new Linear(
            height * columns * inputs, embedding, random.Fork("fc"), layout: FileLayout.Flattened(embedding, height, columns, inputs))));
        layers.Add(Add("features", new BatchNorm1d(embedding, scale: false)));
        _layers = [.. layers];
    }

    /// <inheritdoc/>
    public sealed override int Embedding { get; }

    /// <summary>Channels of the first stage.</summary>
    public int Width { get; }

    /// <summary>Share of the last features that is dropped while training.</summary>
    public float Dropout { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        RequireInput(x);
        return Sequential.Chain(_layers, x);
    }

    internal static Conv2d Convolution(int inputs, int outputs, int kernel, int stride, Rng random) =>
        new(inputs, outputs, kernel, random, stride, padding: kernel / 2, bias: false, initializer: Initializers.Normal(0.1f));

    private static int Halved(int size, int stride) => (size + stride - 1) / stride;
}
