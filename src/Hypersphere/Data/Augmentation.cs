namespace Hypersphere.Data;

/// <summary>Random changes of training images. What happens to an image depends on the generator it is given alone.</summary>
public sealed record Augmentation
{
    /// <summary>No changes.</summary>
    public static Augmentation None { get; } = new();

    /// <summary>Probability of mirroring left and right, 0 … 1.</summary>
    public float FlipProbability { get; init; }

    /// <summary>The image is padded by so many pixels on every side and cropped to its size at a random place; 0: not.</summary>
    public int CropPadding { get; init; }

    /// <summary>What the padding is made of.</summary>
    public CropFill CropFill { get; init; } = CropFill.Zero;

    /// <summary>Whether nothing is changed.</summary>
    public bool IsNone => FlipProbability <= 0 && CropPadding == 0;

    /// <summary>Changes an image.</summary>
    /// <param name="source">[H,W,C].</param>
    /// <param name="target">[H,W,C], another array.</param>
    /// <param name="shape">H, W and C.</param>
    /// <param name="rng">Decides; three numbers are drawn in any case: mirror, down, across.</param>
    public void Apply(ReadOnlySpan<byte> source, Span<byte> target, Formats.ImageInfo shape, Rng rng)
    {
        bool flip = rng.NextSingle() < FlipProbability;
        int down = rng.NextInt((2 * CropPadding) + 1) - CropPadding, across = rng.NextInt((2 * CropPadding) + 1) - CropPadding;
        int rowBytes = shape.Width * shape.Channels;
        for (int y = 0; y < shape.Height; y++)
        {
            Span<byte> to = target.Slice(y * rowBytes, rowBytes);
            int from = y + down;
            if ((uint)from >= (uint)shape.Height && CropFill == CropFill.Zero)
            {
                to.Clear();
                continue;
            }

            Shift(source.Slice(Math.Clamp(from, 0, shape.Height - 1) * rowBytes, rowBytes), to, across, shape);
            if (flip)
            {
                Mirror(to, shape.Channels);
            }
        }
    }

    /// <summary>Moves a row to the left by <paramref name="across"/> pixels.</summary>
    private void Shift(ReadOnlySpan<byte> from, Span<byte> to, int across, Formats.ImageInfo shape)
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
        if (CropFill == CropFill.Edge)
        {
            nearest.CopyTo(pixel);
        }
        else
        {
            pixel.Clear();
        }
    }

    private static void Mirror(Span<byte> row, int channels)
    {
        if (channels == 1)
        {
            row.Reverse();
            return;
        }

        for (int left = 0, right = row.Length - channels; left < right; left += channels, right -= channels)
        {
            for (int c = 0; c < channels; c++)
            {
                (row[left + c], row[right + c]) = (row[right + c], row[left + c]);
            }
        }
    }
}
