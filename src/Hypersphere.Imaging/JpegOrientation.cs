using System.Buffers.Binary;
using Hypersphere.Formats;

namespace Hypersphere.Imaging;

/// <summary>Which way up a photograph is: cameras store the pixels as they lie and say in a tag how to turn them (Exif 2.32, tag 0x0112).</summary>
internal static class JpegOrientation
{
    private const int Tag = 0x0112, Upright = 1, App1 = 0xE1, StartOfScan = 0xDA;

    /// <summary>1 … 8 as the tag has it; 1 (upright) where there is none or it is damaged.</summary>
    public static int Of(ReadOnlySpan<byte> file)
    {
        for (int at = 2; at + 4 <= file.Length && file[at] == 0xFF && file[at + 1] != StartOfScan;)
        {
            if (file[at + 1] == 0xFF)
            {
                at++; // a fill byte
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length)
            {
                break;
            }

            ReadOnlySpan<byte> segment = file.Slice(at + 4, length - 2);
            if (file[at + 1] == App1 && segment.StartsWith("Exif\0\0"u8))
            {
                return InTiff(segment[6..]);
            }

            at += 2 + length;
        }

        return Upright;
    }

    /// <summary>The image turned and mirrored so that it stands upright.</summary>
    public static RasterImage Apply(RasterImage image, int orientation)
    {
        if (orientation is <= Upright or > 8)
        {
            return image;
        }

        bool turned = orientation >= 5;
        (int height, int width) = turned ? (image.Width, image.Height) : (image.Height, image.Width);
        byte[] pixels = new byte[image.Pixels.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int down, int across) = orientation switch
                {
                    2 => (y, width - 1 - x),
                    3 => (height - 1 - y, width - 1 - x),
                    4 => (height - 1 - y, x),
                    5 => (x, y),
                    6 => (width - 1 - x, y),
                    7 => (width - 1 - x, height - 1 - y),
                    _ => (x, height - 1 - y),
                };
                image.Pixels.AsSpan(((down * image.Width) + across) * image.Channels, image.Channels)
                    .CopyTo(pixels.AsSpan(((y * width) + x) * image.Channels));
            }
        }

        return new RasterImage(height, width, image.Channels, pixels);
    }

    private static int InTiff(ReadOnlySpan<byte> tiff)
    {
        bool little = tiff.StartsWith("II"u8);
        if (tiff.Length < 8 || !(little || tiff.StartsWith("MM"u8)))
        {
            return Upright;
        }

        uint directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
        {
            return Upright;
        }

        int count = Short(tiff[(int)directory..], little);
        for (int i = 0; i < count; i++)
        {
            int at = (int)directory + 2 + (12 * i);
            if (at + 12 > tiff.Length)
            {
                break;
            }

            if (Short(tiff[at..], little) == Tag)
            {
                int value = Short(tiff[(at + 8)..], little);
                return value is >= 1 and <= 8 ? value : Upright;
            }
        }

        return Upright;
    }

    private static int Short(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);
}
