using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Backbones;

/// <summary>An <see cref="IResNet"/> of any depth and width; its usual options make a small one of 645,168 parameters at 112×112.</summary>
[Component("iresnet", Summary = "insightface's residual network in any size; as it is, a slim one for 112×112", Paper = "Deng et al., CVPR 2019")]
public sealed class FreeIResNet : IResNet
{
    private static readonly float[] Slim = [1, 1, 2, 1];

    /// <summary>Builds the network.</summary>
    /// <param name="context">Image size and randomness.</param>
    /// <param name="blocks">Blocks of each stage; 1 1 2 1 when not given.</param>
    /// <param name="embedding">D.</param>
    /// <param name="width">Channels of the first stage.</param>
    /// <param name="stemStride">Step of the first convolution.</param>
    /// <param name="dropout">Share of the last features that is dropped while training.</param>
    /// <exception cref="ArgumentException">A stage has no block, or more than 1,000; or there are more than 8 stages.</exception>
    public FreeIResNet(
        BackboneContext context,
        [Description("blocks of each stage; 1 1 2 1 when not given")] float[]? blocks = null,
        [Range(1, 4096), Description("embedding size D")] int embedding = 128,
        [Range(1, 1024), Description("channels of the first stage, doubled in each later one")] int width = 16,
        [Range(1, 4), Description("step of the first convolution")] int stemStride = 2,
        [Range(0, 0.99), Description("share of the last features dropped in training")] float dropout = 0.4f)
        : base(context, Whole(blocks ?? Slim), embedding, width, stemStride, dropout) => (Blocks, StemStride) = (blocks ?? Slim, stemStride);

    /// <summary>Blocks of each stage.</summary>
    public float[] Blocks { get; }

    /// <summary>Step of the first convolution.</summary>
    public int StemStride { get; }

    private static int[] Whole(float[] blocks) => blocks.Length is >= 1 and <= 8 && blocks.All(b => b is >= 1 and <= 1000 && b == MathF.Floor(b))
        ? [.. blocks.Select(b => (int)b)]
        : throw new ArgumentException($"iresnet: blocks are 1 to 8 whole numbers from 1 to 1000, such as 1 1 2 1, but are {string.Join(' ', blocks)}.");
}
