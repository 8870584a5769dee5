using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Formats;
using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>Makes an image smaller and larger again, so that it shows what a distant camera would (as AdaFace trains).</summary>
/// <remarks>The side shrinks by a factor uniform in scale … 1 (mean over areas), then grows back linearly. Kim et al., CVPR 2022.</remarks>
/// <param name="scale">Smallest factor.</param>
/// <param name="probability">Share of the images.</param>
[Component("low-resolution", Summary = "makes the image smaller and larger again", Paper = "Kim et al., AdaFace, CVPR 2022")]
public sealed class LowResolution(
    [Range(0.01, 1), Description("smallest factor")] float scale = 0.3f,
    [Range(0, 1), Description("share of the images")] float probability = 0.2f)
    : Augmentation(probability)
{
    /// <summary>Smallest factor.</summary>
    public float Scale { get; } = scale;

    /// <inheritdoc/>
    protected override void Change(ReadOnlySpan<byte> source, Span<byte> target, ImageInfo shape, ref Rng random)
    {
        float factor = random.Uniform(Scale, 1);
        RasterImage image = new(shape.Height, shape.Width, shape.Channels, source[..(shape.Height * shape.Width * shape.Channels)].ToArray());
        int height = Math.Max(1, (int)MathF.Round(shape.Height * factor)), width = Math.Max(1, (int)MathF.Round(shape.Width * factor));
        RasterImage small = ImageResizer.Resize(image, height, width, Resampling.Area);
        ImageResizer.Resize(small, shape.Height, shape.Width, Resampling.Bilinear).Pixels.CopyTo(target);
    }
}
