namespace Hypersphere.Formats;

/// <summary>Turns stored PNG rows into 8-bit grey or RGB and puts them where they belong.</summary>
internal sealed class PngPixels(PngHeader header, byte[] palette, byte[] pixels, string name)
{
    private readonly int _channels = header.Channels;
    private readonly int _samples = header.Samples;

    /// <summary>Writes row <paramref name="y"/> of a pass.</summary>
    /// <exception cref="InputException">A palette index past the palette.</exception>
    public void WriteRow(ReadOnlySpan<byte> row, PngPass pass, int y)
    {
        int start = (((pass.Y + (y * pass.StepY)) * header.Width) + pass.X) * _channels, step = pass.StepX * _channels;
        if (header.BitDepth == 8 && pass.StepX == 1 && _samples == _channels)
        {
            row.CopyTo(pixels.AsSpan(start));
            return;
        }

        for (int x = 0; x < pass.Width; x++)
        {
            Span<byte> pixel = pixels.AsSpan(start + (x * step), _channels);
            if (header.ColorType == PngHeader.Palette)
            {
                Color(Sample(row, x), pixel);
                continue;
            }

            for (int c = 0; c < pixel.Length; c++)
            {
                pixel[c] = Scaled(row, (x * _samples) + c);
            }
        }
    }

    private void Color(int index, Span<byte> pixel)
    {
        if ((index * 3) + 3 > palette.Length)
        {
            throw new InputException($"{name}: damaged PNG: colour {index} of a palette of {palette.Length / 3}");
        }

        palette.AsSpan(index * 3, 3).CopyTo(pixel);
    }

    private byte Scaled(ReadOnlySpan<byte> row, int i) => header.BitDepth switch
    {
        8 => row[i],
        16 => (byte)(((((row[2 * i] << 8) | row[(2 * i) + 1]) * 255) + 32767) / 65535),
        int depth => (byte)(Sample(row, i) * (255 / ((1 << depth) - 1))),
    };

    /// <summary>Sample of 8 bits or fewer; the first lies in the high bits.</summary>
    private int Sample(ReadOnlySpan<byte> row, int i)
    {
        int depth = header.BitDepth, bit = i * depth;
        return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
}
