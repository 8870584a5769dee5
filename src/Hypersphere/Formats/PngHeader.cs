using System.Buffers.Binary;

namespace Hypersphere.Formats;

/// <summary>The IHDR chunk of a PNG, checked.</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, int ColorType, bool Interlaced)
{
    /// <summary>Colour types of the format.</summary>
    public const int Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, Rgba = 6;

    /// <summary>Samples a pixel as stored: palette 1, RGBA 4.</summary>
    public int Samples => ColorType switch { Rgb => 3, GreyAlpha => 2, Rgba => 4, _ => 1 };

    /// <summary>Channels of the decoded image: alpha is dropped, a palette becomes RGB.</summary>
    public int Channels => ColorType is Grey or GreyAlpha ? 1 : 3;

    /// <summary>Distance between a byte and its left neighbour for the row filters, at least 1.</summary>
    public int FilterStep => Math.Max(1, Samples * BitDepth / 8);

    /// <summary>Bytes of a row of so many pixels, without the filter byte.</summary>
    public long RowBytes(int width) => (((long)width * Samples * BitDepth) + 7) / 8;

    /// <summary>Reads IHDR from the beginning of a file.</summary>
    /// <exception cref="InputException">The header is damaged, of no known kind, or of an image larger than
    /// <see cref="RasterImage.MaxPixels"/>.</exception>
    public static PngHeader Parse(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length < 33 || BinaryPrimitives.ReadUInt32BigEndian(file[8..]) != 13 || !file[12..16].SequenceEqual("IHDR"u8))
        {
            throw new InputException($"{name}: truncated PNG without a header; get the file again");
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(file[16..]), height = BinaryPrimitives.ReadUInt32BigEndian(file[20..]);
        (byte depth, byte color, byte interlace) = (file[24], file[25], file[28]);
        if (width == 0 || height == 0 || (ulong)width * height > RasterImage.MaxPixels)
        {
            throw new InputException(
                $"{name}: the PNG claims {width}×{height} pixels; at least 1 and at most {RasterImage.MaxPixels} are read");
        }

        bool known = color switch
        {
            Grey => depth is 1 or 2 or 4 or 8 or 16,
            Palette => depth is 1 or 2 or 4 or 8,
            Rgb or GreyAlpha or Rgba => depth is 8 or 16,
            _ => false,
        };
        if (!known || file[26] != 0 || file[27] != 0 || interlace > 1)
        {
            throw new InputException(
                $"{name}: damaged PNG header: colour type {color}, depth {depth}, methods {file[26]} {file[27]} {interlace}; get it again");
        }

        return new PngHeader((int)width, (int)height, depth, color, interlace == 1);
    }
}
