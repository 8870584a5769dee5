using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Data;
using Hypersphere.Formats;
using Hypersphere.Registry;

namespace Hypersphere.Imaging;

/// <summary>Writes an image as a poor JPEG and reads it again, so that a network meets the blocks and rings that cameras and web sites
/// leave.</summary>
/// <param name="quality">Poorest quality; the quality of an image is uniform from it to 95.</param>
/// <param name="probability">Share of the images.</param>
[Component("jpeg", Summary = "JPEG's blocks and rings")]
public sealed class JpegQuality(
    [Range(1, 95), Description("poorest quality")] int quality = 30,
    [Range(0, 1), Description("share of the images")] float probability = 0.2f)
    : Augmentation(probability)
{
    private static readonly JpegDecoder Decoder = new();

    /// <summary>Poorest quality.</summary>
    public int Quality { get; } = quality;

    /// <inheritdoc/>
    protected override void Change(ReadOnlySpan<byte> source, Span<byte> target, ImageInfo shape, ref Rng random)
    {
        RasterImage image = new(shape.Height, shape.Width, shape.Channels, source.ToArray());
        byte[] file = JpegEncoder.Encode(image, Quality + random.NextInt(96 - Quality));
        Decoder.Decode(file, "JPEG").Pixels.CopyTo(target);
    }
}
