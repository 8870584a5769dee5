using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Layers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Backbones;

/// <summary>Four 3×3 convolutions for small images, 266,208 parameters at 28×28 grey and D = 64.</summary>
/// <remarks>4 × [3×3 convolution without bias, batch norm, PReLU] with w, w, max-pool 2, 2w, 2w channels, max-pool 2; flatten; linear to D
/// without bias; batch norm: the embedding.</remarks>
[Component("small-cnn", Summary = "four 3×3 convolutions for small images (28×28 to 64×64)")]
public sealed class SmallCnn : Backbone
{
    private readonly Sequential _body;

    /// <summary>Builds the network.</summary>
    /// <param name="context">Image size, at least 4×4, and randomness.</param>
    /// <param name="embedding">D.</param>
    /// <param name="width">Channels of the first two convolutions; the others have twice as many.</param>
    public SmallCnn(
        BackboneContext context,
        [Range(1, 4096), Description("embedding size D")] int embedding = 64,
        [Range(1, 1024), Description("channels of the first two convolutions")] int width = 32)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (Embedding, Width) = (embedding, width);
        (int height, int columns) = (context.Height / 4, context.Width / 4);
        if (height < 1 || columns < 1)
        {
            throw new InputException($"small-cnn needs images of at least 4×4 pixels but these are {context.Height}×{context.Width}.");
        }

        Rng random = context.Random;
        int flat = height * columns * 2 * width;
        _body = Add("body", new Sequential(
            Convolution(context.Channels, width, random.Fork("conv", 0)), new BatchNorm2d(width), new PReLU(width),
            Convolution(width, width, random.Fork("conv", 1)), new BatchNorm2d(width), new PReLU(width), new MaxPool2d(2),
            Convolution(width, 2 * width, random.Fork("conv", 2)), new BatchNorm2d(2 * width), new PReLU(2 * width),
            Convolution(2 * width, 2 * width, random.Fork("conv", 3)), new BatchNorm2d(2 * width), new PReLU(2 * width), new MaxPool2d(2),
            new Flatten(),
            new Linear(flat, embedding, random.Fork("linear"), bias: false, layout: FileLayout.Flattened(embedding, height, columns, 2 * width)),
            new BatchNorm1d(embedding)));
    }

    /// <inheritdoc/>
    public override int Embedding { get; }

    /// <summary>Channels of the first two convolutions.</summary>
    public int Width { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        RequireInput(x);
        return _body.Forward(x);
    }

    private static Conv2d Convolution(int inputs, int outputs, Rng random) => new(inputs, outputs, 3, random, padding: 1, bias: false);
}
