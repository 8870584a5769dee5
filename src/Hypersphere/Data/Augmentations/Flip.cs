using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Formats;
using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>Mirrors left and right.</summary>
/// <param name="probability">Share of the images.</param>
[Component("flip", Summary = "mirrors left and right")]
public sealed class Flip([Range(0, 1), Description("share of the images")] float probability = 0.5f) : Augmentation(probability)
{
    /// <inheritdoc/>
    protected override void Change(ReadOnlySpan<byte> source, Span<byte> target, ImageInfo shape, ref Rng random)
    {
        (int channels, int row) = (shape.Channels, shape.Width * shape.Channels);
        for (int y = 0; y < shape.Height; y++)
        {
            ReadOnlySpan<byte> from = source.Slice(y * row, row);
            Span<byte> to = target.Slice(y * row, row);
            for (int x = 0; x < row; x += channels)
            {
                from.Slice(x, channels).CopyTo(to[(row - channels - x)..]);
            }
        }
    }
}
