namespace Hypersphere.Formats;

/// <summary>PBM, PGM and PPM, ASCII and binary (P1 … P6), up to 16 bits a sample.</summary>
/// <remarks>Samples are scaled to 0 … 255 with rounding. Of a file with several images the first is read.</remarks>
public sealed class PnmDecoder : ImageDecoder
{
    /// <inheritdoc/>
    public override string Name => "PNM";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Extensions { get; } = [".pgm", ".ppm", ".pbm", ".pnm"];

    /// <inheritdoc/>
    public override bool Matches(ReadOnlySpan<byte> head) =>
        head.Length > 2 && head[0] == 'P' && head[1] is >= (byte)'1' and <= (byte)'6' && PnmTokens.IsSpace(head[2]);

    /// <inheritdoc/>
    public override ImageInfo Identify(ReadOnlySpan<byte> file, string name)
    {
        PnmTokens tokens = new(file, name);
        PnmHeader header = PnmHeader.Parse(ref tokens);
        return new ImageInfo(header.Height, header.Width, header.Channels);
    }

    /// <inheritdoc/>
    public override RasterImage Decode(ReadOnlySpan<byte> file, string name)
    {
        PnmTokens tokens = new(file, name);
        PnmHeader header = PnmHeader.Parse(ref tokens);
        int count = header.Height * header.Width * header.Channels;
        if (header.LeastBytes > tokens.Left)
        {
            throw new InputException(
                $"{name}: truncated PNM: {header.Width}×{header.Height} pixels need {header.LeastBytes} bytes, {tokens.Left} are left");
        }

        byte[] pixels = new byte[count];
        switch (header.Kind)
        {
            case 1: BitsAscii(ref tokens, pixels); break;
            case 2 or 3: Ascii(ref tokens, pixels, header.Largest); break;
            case 4: Bits(tokens.Rest, pixels, header.Width); break;
            default: Binary(tokens.Rest, pixels, header.Largest, name); break;
        }

        return new RasterImage(header.Height, header.Width, header.Channels, pixels);
    }

    /// <summary>Writes an image as binary PGM or PPM.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The bytes of the file.</returns>
    public static byte[] Encode(RasterImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        string header = string.Create(null, $"P{(image.Channels == 1 ? 5 : 6)}\n{image.Width} {image.Height}\n255\n");
        return [.. System.Text.Encoding.ASCII.GetBytes(header), .. image.Pixels];
    }

    private static void BitsAscii(ref PnmTokens tokens, Span<byte> pixels)
    {
        foreach (ref byte pixel in pixels)
        {
            pixel = (byte)(tokens.Bit() == 0 ? 255 : 0);
        }
    }

    private static void Ascii(ref PnmTokens tokens, Span<byte> pixels, int largest)
    {
        foreach (ref byte pixel in pixels)
        {
            pixel = Scale(tokens.Number("a sample", 0, largest), largest);
        }
    }

    private static void Bits(ReadOnlySpan<byte> data, Span<byte> pixels, int width)
    {
        int rowBytes = (width + 7) / 8;
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i % width;
            pixels[i] = (byte)((data[(i / width * rowBytes) + (x >> 3)] & (0x80 >> (x & 7))) == 0 ? 255 : 0);
        }
    }

    private static void Binary(ReadOnlySpan<byte> data, Span<byte> pixels, int largest, string name)
    {
        if (largest == 255)
        {
            data[..pixels.Length].CopyTo(pixels);
            return;
        }

        for (int i = 0; i < pixels.Length; i++)
        {
            int sample = largest < 256 ? data[i] : (data[2 * i] << 8) | data[(2 * i) + 1];
            pixels[i] = sample <= largest
                ? Scale(sample, largest)
                : throw new InputException($"{name}: damaged PNM: a sample of {sample}, but the header says at most {largest}");
        }
    }

    private static byte Scale(int sample, int largest) => (byte)(((sample * 255L) + (largest / 2)) / largest);
}
