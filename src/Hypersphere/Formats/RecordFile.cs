using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Hypersphere.Formats;

/// <summary>MXNet's RecordIO, in which face recognition sets are published (train.rec, with train.idx beside it): records one after another,
/// each with a header of flag, label and numbers, then the bytes of an image. Safe to read from several threads.</summary>
/// <remarks>A part is uint32 0xCED7230A, uint32 kind·2²⁹ + length, the bytes, zeros up to a multiple of 4; a record whose bytes hold that
/// number is cut there into parts of kinds 1 (first), 2, 3 (last), else it is one part of kind 0. All little-endian.</remarks>
public sealed class RecordFile : IDisposable
{
    internal const uint Magic = 0xCED7230A;
    internal const int LargestPart = (1 << 29) - 1, HeaderBytes = 24;

    private readonly SafeFileHandle _file;
    private readonly long _length;
    private readonly long[] _offsets;

    private RecordFile(string path, SafeFileHandle file, long[] offsets) =>
        (Path, _file, _length, _offsets) = (path, file, RandomAccess.GetLength(file), offsets);

    /// <summary>The .rec file.</summary>
    public string Path { get; }

    /// <summary>How many records.</summary>
    public int Count => _offsets.Length;

    /// <summary>Opens a file; the index beside it is used if there is one, else all records are looked for.</summary>
    /// <param name="path">A .rec file.</param>
    /// <exception cref="InputException">It cannot be read, or is damaged.</exception>
    public static RecordFile Open(string path)
    {
        string index = System.IO.Path.ChangeExtension(path, ".idx");
        SafeFileHandle file = Handle(path);
        try
        {
            return new RecordFile(path, file, File.Exists(index) ? ReadIndex(index, RandomAccess.GetLength(file)) : Scan(path, file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a record.</summary>
    /// <param name="index">0 … Count−1.</param>
    /// <exception cref="InputException">It is damaged; the message names the offset.</exception>
    public Record Read(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        long offset = _offsets[index], at = offset;
        List<byte[]> parts = [];
        for (uint kind = Part(ref at, parts); kind is 1 or 2; kind = Part(ref at, parts))
        {
            parts.Add([0x0A, 0x23, 0xD7, 0xCE]); // the parts were cut where the bytes held the magic number
        }

        byte[] bytes = parts.Count == 1 ? parts[0] : [.. parts.SelectMany(p => p)];
        return Record.Parse(bytes, $"{Path}, record {index} at byte {offset}");
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static SafeFileHandle Handle(string path)
    {
        try
        {
            return File.OpenHandle(path, options: FileOptions.RandomAccess);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be opened: {BoundedReader.FirstLine(e)}", e);
        }
    }

    private static long[] ReadIndex(string path, long length)
    {
        SortedDictionary<long, long> offsets = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string[] cells = line.Split('\t', StringSplitOptions.TrimEntries);
            if (line.Length == 0)
            {
                continue;
            }

            if (cells.Length != 2 || !long.TryParse(cells[0], out long key) || !long.TryParse(cells[1], out long offset) || offset < 0 || offset > length - 8)
            {
                throw new InputException($"{path}, line {number}: needs a number and an offset inside the .rec file, with a tab between; delete the .idx file to do without it");
            }

            offsets[key] = offset;
        }

        return offsets.Count > 0 ? [.. offsets.Values] : throw new InputException($"{path}: is empty; delete it to do without it");
    }

    private static long[] Scan(string path, SafeFileHandle file)
    {
        long length = RandomAccess.GetLength(file), at = 0;
        List<long> offsets = [];
        Span<byte> head = stackalloc byte[8];
        while (at < length)
        {
            (uint kind, int size) = Head(path, file, at, length, head);
            if (kind is 0 or 1)
            {
                offsets.Add(at);
            }

            at += 8 + Padded(size);
        }

        return offsets.Count > 0 ? [.. offsets] : throw new InputException($"{path}: is empty; a RecordIO file holds records");
    }

    private static (uint Kind, int Size) Head(string path, SafeFileHandle file, long at, long length, Span<byte> head)
    {
        bool whole = at <= length - 8 && RandomAccess.Read(file, head, at) == 8;
        uint word = whole ? BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) : 0;
        int size = (int)(word & LargestPart);
        return whole && BinaryPrimitives.ReadUInt32LittleEndian(head) == Magic && size <= length - at - 8
            ? (word >> 29, size)
            : throw new InputException($"{path}: no record at byte {at}; the file is no RecordIO file, truncated, or its .idx belongs to another");
    }

    private static long Padded(int size) => (size + 3L) / 4 * 4;

    private uint Part(ref long at, List<byte[]> parts)
    {
        Span<byte> head = stackalloc byte[8];
        (uint kind, int size) = Head(Path, _file, at, _length, head);
        byte[] bytes = new byte[size];
        if (RandomAccess.Read(_file, bytes, at + 8) < size || kind > 3 || (parts.Count == 0 ? kind > 1 : kind < 2))
        {
            throw new InputException($"{Path}: the record at byte {at} is damaged; get the file again");
        }

        parts.Add(bytes);
        at += 8 + Padded(size);
        return kind;
    }
}

/// <summary>A record of a <see cref="RecordFile"/>.</summary>
/// <param name="Labels">One number, or as many as the record says.</param>
/// <param name="Id">The record's own number.</param>
/// <param name="Payload">Mostly the bytes of an image file; may be empty.</param>
public sealed record Record(IReadOnlyList<float> Labels, long Id, ReadOnlyMemory<byte> Payload)
{
    internal static Record Parse(byte[] bytes, string place)
    {
        if (bytes.Length < RecordFile.HeaderBytes)
        {
            throw new InputException($"{place}: is {bytes.Length} bytes long, shorter than its header; the file is damaged");
        }

        uint flag = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (flag > (bytes.Length - RecordFile.HeaderBytes) / 4)
        {
            throw new InputException($"{place}: claims {flag} labels, more than it has bytes for; the file is damaged");
        }

        float[] labels = new float[Math.Max(flag, 1)];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(flag == 0 ? 4 : RecordFile.HeaderBytes + (4 * i)));
        }

        return new Record(labels, BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8)), bytes.AsMemory(RecordFile.HeaderBytes + (4 * (int)flag)));
    }
}
