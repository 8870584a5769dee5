using System.Buffers.Binary;
using System.IO.Compression;
using Hypersphere;
using Hypersphere.Formats;

namespace Formats;

/// <summary>Makes PNG files of every kind, independently of the decoder: it packs one sample at a time and knows the expected
/// pixels.</summary>
internal sealed class PngMaker(int width, int height, int depth, int colorType, bool interlaced, ulong seed)
{
    private readonly int _samples = colorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    private int Colors => Math.Min(1 << depth, 200);

    /// <summary>The file and the 8-bit pixels that it must decode to.</summary>
    public (byte[] File, byte[] Pixels) Make()
    {
        Rng rng = new(seed);
        int[,,] values = new int[height, width, _samples];
        byte[] palette = new byte[Colors * 3];
        foreach (ref byte b in palette.AsSpan())
        {
            b = (byte)rng.NextInt(256);
        }

        List<byte> pixels = [];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int s = 0; s < _samples; s++)
                {
                    values[y, x, s] = rng.NextInt(colorType == 3 ? Colors : 1 << depth);
                }

                int shown = colorType is 4 or 6 ? _samples - 1 : _samples;
                for (int s = 0; s < shown; s++)
                {
                    int value = values[y, x, s];
                    IEnumerable<byte> colors = colorType == 3
                        ? palette.Skip(value * 3).Take(3)
                        : [(byte)Math.Floor((value * 255.0 / ((1 << depth) - 1)) + 0.5)];
                    pixels.AddRange(colors);
                }
            }
        }

        return (File(values, palette, rng), [.. pixels]);
    }

    private byte[] File(int[,,] values, byte[] palette, Rng rng)
    {
        MemoryStream file = new();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)colorType, (byte)(interlaced ? 1 : 0));
        PngEncoder.WriteChunk(file, "IHDR"u8, header);
        PngEncoder.WriteChunk(file, "tEXt"u8, "Comment\0made by a test"u8);
        if (colorType == 3)
        {
            PngEncoder.WriteChunk(file, "PLTE"u8, palette);
            PngEncoder.WriteChunk(file, "tRNS"u8, [0, 1, 2]);
        }

        byte[] data = Deflate(Rows(values, rng));
        int half = data.Length / 2;
        PngEncoder.WriteChunk(file, "IDAT"u8, data.AsSpan(0, half));
        PngEncoder.WriteChunk(file, "IDAT"u8, data.AsSpan(half));
        PngEncoder.WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private List<byte> Rows(int[,,] values, Rng rng)
    {
        (int X, int Y, int StepX, int StepY)[] passes = interlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)];
        List<byte> rows = [];
        foreach ((int x0, int y0, int stepX, int stepY) in passes)
        {
            byte[]? above = null;
            for (int y = y0; y < height && x0 < width; y += stepY)
            {
                byte[] row = Pack(values, y, x0, stepX);
                int filter = rng.NextInt(5);
                rows.Add((byte)filter);
                rows.AddRange(Filtered(row, above ?? new byte[row.Length], filter));
                above = row;
            }
        }

        return rows;
    }

    private byte[] Pack(int[,,] values, int y, int x0, int step)
    {
        List<bool> bits = [];
        for (int x = x0; x < width; x += step)
        {
            for (int s = 0; s < _samples; s++)
            {
                for (int bit = depth - 1; bit >= 0; bit--)
                {
                    bits.Add(((values[y, x, s] >> bit) & 1) != 0);
                }
            }
        }

        byte[] row = new byte[(bits.Count + 7) / 8];
        for (int i = 0; i < bits.Count; i++)
        {
            row[i / 8] |= (byte)(bits[i] ? 0x80 >> (i % 8) : 0);
        }

        return row;
    }

    private byte[] Filtered(byte[] row, byte[] above, int filter)
    {
        int step = Math.Max(1, _samples * depth / 8);
        byte[] result = new byte[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            int a = i >= step ? row[i - step] : 0, b = above[i], c = i >= step ? above[i - step] : 0, p = a + b - c;
            int[] byDistance = [.. new[] { a, b, c }.OrderBy(v => Math.Abs(p - v))]; // a stable sort: ties go to left, above, above left
            result[i] = (byte)(row[i] - filter switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => byDistance[0], _ => 0 });
        }

        return result;
    }

    private static byte[] Deflate(List<byte> rows)
    {
        MemoryStream data = new();
        using (ZLibStream deflated = new(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflated.Write([.. rows]);
        }

        return data.ToArray();
    }
}
