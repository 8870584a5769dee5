using System.Buffers.Binary;
using System.IO.Compression;

namespace Hypersphere.Formats;

/// <summary>Writes 8-bit grey and RGB PNG.</summary>
public static class PngEncoder
{
    /// <summary>Encodes; every row takes the filter that leaves the smallest differences.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The bytes of a PNG file.</returns>
    public static byte[] Encode(RasterImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using MemoryStream file = new();
        file.Write(PngDecoder.Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = (byte)(image.Channels == 1 ? PngHeader.Grey : PngHeader.Rgb);
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Deflate(image));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>The image as a <c>data:</c> address, to stand inside HTML or SVG.</summary>
    /// <param name="image">The image.</param>
    public static string DataUri(RasterImage image) => "data:image/png;base64," + Convert.ToBase64String(Encode(image));

    /// <summary>Writes length, kind, body and checksum.</summary>
    internal static void WriteChunk(Stream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> body)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        file.Write(number);
        file.Write(kind);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(Crc32.Append(0, kind), body));
        file.Write(number);
    }

    private static byte[] Deflate(RasterImage image)
    {
        int step = image.Channels, rowBytes = image.Width * step;
        byte[] none = new byte[rowBytes], best = new byte[rowBytes + 1], trial = new byte[rowBytes + 1];
        using MemoryStream data = new();
        using (ZLibStream deflated = new(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<byte> row = image.Pixels.AsSpan(y * rowBytes, rowBytes);
                ReadOnlySpan<byte> above = y == 0 ? none : image.Pixels.AsSpan((y - 1) * rowBytes, rowBytes);
                long least = long.MaxValue;
                for (byte filter = 0; filter < 5; filter++)
                {
                    long cost = Filter(filter, row, above, step, trial);
                    if (cost < least)
                    {
                        least = cost;
                        (best, trial) = (trial, best);
                    }
                }

                deflated.Write(best);
            }
        }

        return data.ToArray();
    }

    /// <summary>Filters a row into <paramref name="target"/>.</summary>
    /// <returns>Sum of the differences, taken as signed bytes.</returns>
    private static long Filter(byte filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int step, Span<byte> target)
    {
        target[0] = filter;
        long cost = 0;
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < step ? 0 : row[i - step], aboveLeft = i < step ? 0 : above[i - step];
            int guess = filter switch
            {
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                4 => PngFilters.Paeth(left, above[i], aboveLeft),
                _ => 0,
            };
            sbyte difference = (sbyte)(row[i] - guess);
            target[i + 1] = (byte)difference;
            cost += Math.Abs((int)difference);
        }

        return cost;
    }
}
