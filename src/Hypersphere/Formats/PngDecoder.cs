using System.Buffers.Binary;
using System.IO.Compression;

namespace Hypersphere.Formats;

/// <summary>PNG: every colour type and bit depth, palettes, Adam7 interlace. Checksums are verified.</summary>
/// <remarks>16-bit samples are rounded to 8 bits. Alpha is dropped and tRNS is ignored: a transparent pixel shows the colour under it.
/// Gamma and colour profiles are ignored. Of an animation the first frame is read.</remarks>
public sealed class PngDecoder : ImageDecoder
{
    /// <summary>The eight bytes that every PNG begins with.</summary>
    internal static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <inheritdoc/>
    public override string Name => "PNG";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Extensions { get; } = [".png"];

    /// <inheritdoc/>
    public override bool Matches(ReadOnlySpan<byte> head) => head.StartsWith(Signature);

    /// <inheritdoc/>
    public override ImageInfo Identify(ReadOnlySpan<byte> file, string name)
    {
        PngHeader header = PngHeader.Parse(file, name);
        return new ImageInfo(header.Height, header.Width, header.Channels);
    }

    /// <inheritdoc/>
    public override RasterImage Decode(ReadOnlySpan<byte> file, string name)
    {
        PngHeader header = PngHeader.Parse(file, name);
        (byte[] data, byte[] palette) = Chunks(file, header, name);
        byte[] raw = Inflate(data, header, name);
        byte[] pixels = new byte[header.Height * header.Width * header.Channels];
        PngPixels target = new(header, palette, pixels, name);
        int offset = 0;
        foreach (PngPass pass in PngPass.Of(header))
        {
            int rowBytes = (int)header.RowBytes(pass.Width);
            Span<byte> rows = raw.AsSpan(offset, (rowBytes + 1) * pass.Height);
            PngFilters.Undo(rows, rowBytes, header.FilterStep, name);
            for (int y = 0; y < pass.Height; y++)
            {
                target.WriteRow(rows.Slice((y * (rowBytes + 1)) + 1, rowBytes), pass, y);
            }

            offset += rows.Length;
        }

        return new RasterImage(header.Height, header.Width, header.Channels, pixels);
    }

    /// <summary>Walks the chunks, verifies them, and joins the image data.</summary>
    private static (byte[] Data, byte[] Palette) Chunks(ReadOnlySpan<byte> file, PngHeader header, string name)
    {
        byte[] palette = [];
        int total = 0;
        byte[] data = new byte[file.Length];
        int at = Signature.Length;
        while (true)
        {
            ReadOnlySpan<byte> chunk = NextChunk(file, ref at, name);
            ReadOnlySpan<byte> kind = chunk[..4], body = chunk[4..];
            if (kind.SequenceEqual("IEND"u8))
            {
                break;
            }

            if (kind.SequenceEqual("IDAT"u8))
            {
                body.CopyTo(data.AsSpan(total));
                total += body.Length;
            }
            else if (kind.SequenceEqual("PLTE"u8))
            {
                palette = body.Length is > 0 and <= 768 && body.Length % 3 == 0
                    ? body.ToArray()
                    : throw new InputException($"{name}: damaged PNG: a palette of {body.Length} bytes");
            }
            else if ((kind[0] & 0x20) == 0 && !kind.SequenceEqual("IHDR"u8))
            {
                throw new InputException($"{name}: damaged PNG: an unknown critical chunk; save the image again with another program");
            }
        }

        if (header.ColorType == PngHeader.Palette && palette.Length == 0)
        {
            throw new InputException($"{name}: damaged PNG: the palette is missing");
        }

        Array.Resize(ref data, total);
        return (data, palette);
    }

    /// <summary>The kind and body of the chunk at <paramref name="at"/>, which moves behind it.</summary>
    private static ReadOnlySpan<byte> NextChunk(ReadOnlySpan<byte> file, ref int at, string name)
    {
        if (file.Length - at < 12 || BinaryPrimitives.ReadUInt32BigEndian(file[at..]) > (uint)(file.Length - at - 12))
        {
            throw new InputException($"{name}: truncated PNG after {file.Length} bytes; get the file again");
        }

        int length = (int)BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        ReadOnlySpan<byte> chunk = file.Slice(at + 4, length + 4);
        if (Crc32.Append(0, chunk) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + length)..]))
        {
            throw new InputException($"{name}: damaged PNG: a checksum is wrong at byte {at}; get the file again");
        }

        at += length + 12;
        return chunk;
    }

    private static byte[] Inflate(byte[] data, PngHeader header, string name)
    {
        long size = 0;
        foreach (PngPass pass in PngPass.Of(header))
        {
            size += (header.RowBytes(pass.Width) + 1) * pass.Height;
        }

        using ZLibStream inflated = new(new MemoryStream(data), CompressionMode.Decompress);
        byte[] raw = BoundedReader.Read<byte>(inflated, size, data.Length, $"{name}: PNG image data");
        Span<byte> behind = stackalloc byte[1];
        _ = BoundedReader.Fill(inflated, behind, $"{name}: PNG image data"); // makes the decompressor verify its checksum
        return raw;
    }
}
