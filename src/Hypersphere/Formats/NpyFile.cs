using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Hypersphere.Formats;

/// <summary>The .npy format, versions 1 to 3: one array, little-endian, C order.</summary>
public static class NpyFile
{
    private const int LongestHeader = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">Not a .npy file, of an unreadable type, or shorter or longer than its header says.</exception>
    public static NpyArray Load(string path)
    {
        using FileStream file = InputFile.Open(path);
        return Read(file, file.Length, path);
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="array">The array.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Save(string path, NpyArray array) => AtomicFile.Write(path, stream => Write(stream, array));

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="array">The array.</param>
    public static void Write(Stream stream, NpyArray array)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(array);
        bool text = array.ElementType == typeof(string);
        (Array values, string code) = text ? NpyStrings.Pack(array.Values<string>()) : (array.RawValues, NpyType.CodeOf(array.ElementType));
        string tuple = array.Shape.Count == 1 ? $"({array.Shape[0]},)" : $"({string.Join(", ", array.Shape)})";
        string header = $"{{'descr': '{code}', 'fortran_order': False, 'shape': {tuple}, }}";
        int length = (10 + header.Length + 1 + 63) / 64 * 64; // data begin at a multiple of 64 bytes
        byte[] head = new byte[length];
        Magic.CopyTo(head);
        head[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), (ushort)(length - 10));
        head.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(header, head.AsSpan(10));
        head[^1] = (byte)'\n';
        stream.Write(head);
        NpyType.Write(stream, values);
    }

    /// <summary>Reads from a stream.</summary>
    /// <param name="stream">The bytes of a .npy file.</param>
    /// <param name="stored">Length of the stored, perhaps deflated, bytes.</param>
    /// <param name="what">File and name of the array, for messages.</param>
    internal static NpyArray Read(Stream stream, long stored, string what)
    {
        string header = ReadHeader(stream, what);
        string code = Field(header, "'descr':", '\'', '\'', what);
        int[] shape = ParseShape(Field(header, "'shape':", '(', ')', what), what);
        bool fortran = Field(header, "'fortran_order'", ':', ',', what).Trim() is not "False";
        if (fortran && shape.Count(n => n > 1) > 1)
        {
            throw new InputException($"{what}: is in Fortran order; save it again with numpy.ascontiguousarray");
        }

        long count = 1;
        foreach (int n in shape)
        {
            count = Math.Min(count * n, int.MaxValue);
        }

        Array values = NpyType.Read(code, count, stream, stored, what);
        Span<byte> behind = stackalloc byte[1];
        return BoundedReader.Fill(stream, behind, what) == 0
            ? new NpyArray(values, shape, what)
            : throw new InputException($"{what}: holds more than its header claims ([{string.Join(", ", shape)}]); the file is damaged");
    }

    private static string ReadHeader(Stream stream, string what)
    {
        Span<byte> head = stackalloc byte[12];
        int fixedPart = BoundedReader.Fill(stream, head[..10], what);
        if (fixedPart < 10 || !head.StartsWith(Magic) || head[6] is < 1 or > 3)
        {
            throw new InputException($"{what}: not an array in .npy format");
        }

        long length = BinaryPrimitives.ReadUInt16LittleEndian(head[8..]);
        if (head[6] > 1)
        {
            _ = BoundedReader.Fill(stream, head.Slice(10, 2), what);
            length = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        }

        byte[] text = length <= LongestHeader ? new byte[length] : throw new InputException(
            $"{what}: the .npy header claims {length} bytes; it is damaged");
        return BoundedReader.Fill(stream, text, what) == length
            ? Encoding.Latin1.GetString(text)
            : throw new InputException($"{what}: ends inside its header; the file is truncated, get it again");
    }

    /// <summary>What stands between two characters behind a key.</summary>
    private static string Field(string header, string key, char open, char close, string what)
    {
        int at = header.IndexOf(key, StringComparison.Ordinal);
        string rest = at < 0 ? "" : header[(at + key.Length)..].TrimStart();
        int end = rest.IndexOf(close, Math.Min(1, rest.Length));
        return end > 0 && rest[0] == open
            ? rest[1..end]
            : throw new InputException($"{what}: the .npy header is damaged or of a structured type; save one plain array");
    }

    private static int[] ParseShape(string tuple, string what)
    {
        string[] parts = tuple.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] shape = new int[parts.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            if (shape.Length > 32 || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]))
            {
                throw new InputException($"{what}: the .npy header claims the shape ({tuple.Trim()}), which cannot be read");
            }
        }

        return shape;
    }
}
