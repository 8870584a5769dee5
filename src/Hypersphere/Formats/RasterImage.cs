namespace Hypersphere.Formats;

/// <summary>A decoded image: 8 bits a sample, rows from the top, samples of a pixel side by side.</summary>
public sealed class RasterImage
{
    /// <summary>Most pixels that a decoder accepts: 2²⁶, about 67 million.</summary>
    public const int MaxPixels = 1 << 26;

    /// <summary>Wraps pixels; nothing is copied.</summary>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
    /// <param name="pixels">[height, width, channels], exactly that long.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="pixels"/> is not height·width·channels.</exception>
    public RasterImage(int height, int width, int channels, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (height < 1 || width < 1 || channels is not (1 or 3) || (long)height * width * channels != pixels.Length)
        {
            throw new ArgumentException($"RasterImage: {height}×{width}×{channels} needs other than {pixels.Length} bytes", nameof(pixels));
        }

        (Height, Width, Channels, Pixels) = (height, width, channels, pixels);
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>[Height, Width, Channels], 0 … 255.</summary>
    public byte[] Pixels { get; }

    /// <summary>The image with another number of channels: grey is repeated, colour becomes luma (0.299 R + 0.587 G + 0.114 B).</summary>
    /// <param name="channels">1 or 3.</param>
    /// <returns>This image itself when it has that many already.</returns>
    public RasterImage WithChannels(int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(channels is 1 or 3, true, nameof(channels));
        if (channels == Channels)
        {
            return this;
        }

        byte[] pixels = new byte[Height * Width * channels];
        for (int i = 0; i < Height * Width; i++)
        {
            if (channels == 3)
            {
                pixels.AsSpan(i * 3, 3).Fill(Pixels[i]);
            }
            else
            {
                ReadOnlySpan<byte> rgb = Pixels.AsSpan(i * 3, 3);
                pixels[i] = (byte)(((299 * rgb[0]) + (587 * rgb[1]) + (114 * rgb[2]) + 500) / 1000);
            }
        }

        return new RasterImage(Height, Width, channels, pixels);
    }
}

/// <summary>What a decoder knows of an image before it decodes.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">Channels of the decoded image: 1 or 3.</param>
public readonly record struct ImageInfo(int Height, int Width, int Channels);
