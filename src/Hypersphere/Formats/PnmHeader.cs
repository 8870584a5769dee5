namespace Hypersphere.Formats;

/// <summary>The header of a PNM image: kind 1 … 6 and the largest sample (1 for bitmaps).</summary>
internal readonly record struct PnmHeader(int Kind, int Width, int Height, int Largest)
{
    /// <summary>Channels of the decoded image.</summary>
    public int Channels => Kind is 3 or 6 ? 3 : 1;

    /// <summary>No file with fewer bytes behind its header can hold the image.</summary>
    public long LeastBytes => Kind switch
    {
        1 => (long)Width * Height,
        2 or 3 => (2L * Width * Height * Channels) - 1,
        4 => (Width + 7L) / 8 * Height,
        _ => (long)Width * Height * Channels * (Largest < 256 ? 1 : 2),
    };

    /// <summary>Reads the header and stops at the first byte of the image.</summary>
    /// <exception cref="InputException">The header is damaged or the image too large.</exception>
    public static PnmHeader Parse(ref PnmTokens tokens)
    {
        int kind = tokens.Kind();
        int width = tokens.Number("the width", 1, RasterImage.MaxPixels), height = tokens.Number("the height", 1, RasterImage.MaxPixels);
        if ((long)width * height > RasterImage.MaxPixels)
        {
            throw new InputException($"{tokens.Name}: the PNM claims {width}×{height} pixels; at most {RasterImage.MaxPixels} are read");
        }

        int largest = kind is 1 or 4 ? 1 : tokens.Number("the largest sample", 1, 65535);
        tokens.Separator();
        return new PnmHeader(kind, width, height, largest);
    }
}
