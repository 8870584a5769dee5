using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Formats;
using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>Pads an image on every side and crops it to its size at a random place.</summary>
/// <param name="padding">Pixels on every side.</param>
/// <param name="fill">What the padding is made of.</param>
/// <param name="probability">Share of the images.</param>
[Component("crop", Summary = "shifts by up to so many pixels: pads, then crops at random")]
public sealed class Crop(
    [Range(0, 4096), Description("pixels on every side")] int padding = 4,
    [Description("what the padding is made of")] CropFill fill = CropFill.Zero,
    [Range(0, 1), Description("share of the images")] float probability = 1f)
    : Augmentation(probability)
{
    /// <summary>Pixels on every side.</summary>
    public int Padding { get; } = padding;

    /// <summary>What the padding is made of.</summary>
    public CropFill Fill { get; } = fill;

    /// <inheritdoc/>
    protected override void Change(ReadOnlySpan<byte> source, Span<byte> target, ImageInfo shape, ref Rng random)
    {
        int down = random.NextInt((2 * Padding) + 1) - Padding, across = random.NextInt((2 * Padding) + 1) - Padding;
        int row = shape.Width * shape.Channels;
        for (int y = 0; y < shape.Height; y++)
        {
            Span<byte> to = target.Slice(y * row, row);
            int from = y + down;
            if ((uint)from >= (uint)shape.Height && Fill == CropFill.Zero)
            {
                to.Clear();
                continue;
            }

            Shift(source.Slice(Math.Clamp(from, 0, shape.Height - 1) * row, row), to, across, shape);
        }
    }

    /// <summary>Moves a row to the left by <paramref name="across"/> pixels.</summary>
    private void Shift(ReadOnlySpan<byte> from, Span<byte> to, int across, ImageInfo shape)
    {
        int channels = shape.Channels;
        int begin = Math.Clamp(-across, 0, shape.Width), end = Math.Clamp(shape.Width - across, 0, shape.Width);
        if (end > begin)
        {
            from.Slice((begin + across) * channels, (end - begin) * channels).CopyTo(to[(begin * channels)..]);
        }

        ReadOnlySpan<byte> first = from[..channels], last = from[^channels..];
        for (int x = 0; x < begin; x++)
        {
            Border(first, to.Slice(x * channels, channels));
        }

        for (int x = end; x < shape.Width; x++)
        {
            Border(last, to.Slice(x * channels, channels));
        }
    }

    private void Border(ReadOnlySpan<byte> nearest, Span<byte> pixel)
    {
        if (Fill == CropFill.Edge)
        {
            nearest.CopyTo(pixel);
        }
        else
        {
            pixel.Clear();
        }
    }
}
