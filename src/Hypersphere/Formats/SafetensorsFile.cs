using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hypersphere.Formats;

/// <summary>An open safetensors file: the header is read and checked at once, the arrays only when asked for.</summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int LengthSize = 8;
    private const int LongestHeader = 100_000_000; // what other readers of the format accept too
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsFile(string path, SafeFileHandle file, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<SafetensorsEntry> entries)
    {
        _path = path;
        _file = file;
        Metadata = metadata;
        Entries = entries;
        _byName = entries.ToDictionary(e => e.Name, StringComparer.Ordinal);
    }

    /// <summary>Free text by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The arrays, in the order of the header.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Opens a file and checks its header against its length.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is missing, unreadable, cut short or damaged; nothing is allocated on the word of its
    /// header.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path);
            byte[] header = ReadHeader(file, path, out long fileLength);
            long dataStart = LengthSize + header.Length;
            (Dictionary<string, string> metadata, List<SafetensorsEntry> entries) =
                SafetensorsHeader.Parse(header, path, dataStart, fileLength - dataStart);
            var opened = new SafetensorsFile(path, file, metadata, entries);
            file = null;
            return opened;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotRead(path, e);
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>The array called <paramref name="name"/>, or null.</summary>
    public SafetensorsEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads an array.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="into">Exactly as long as the array.</param>
    /// <typeparam name="T">float, double, int, long or byte, as the file has it.</typeparam>
    /// <exception cref="InputException">There is no such array, it has another type or length, or the file ends early.</exception>
    public void Read<T>(string name, Span<T> into)
        where T : unmanaged
    {
        SafetensorsEntry entry = Require<T>(name);
        if (entry.Count != into.Length)
        {
            throw new InputException(
                $"{_path}: “{name}” is [{string.Join(", ", entry.Shape)}], {entry.Count} values, but {into.Length} were expected. "
                + "Was it saved by another architecture?");
        }

        ReadFrom(entry, 0, into);
    }

    /// <summary>Reads a part of an array.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="first">The first value of the part.</param>
    /// <param name="into">As long as the part.</param>
    /// <typeparam name="T">float, double, int, long or byte, as the file has it.</typeparam>
    /// <exception cref="InputException">There is no such array, it has another type or too few values, or the file ends early.</exception>
    public void ReadPart<T>(string name, long first, Span<T> into)
        where T : unmanaged
    {
        SafetensorsEntry entry = Require<T>(name);
        if (first < 0 || first + into.Length > entry.Count)
        {
            throw new InputException(
                $"{_path}: “{name}” has {entry.Count} values, but {first + into.Length} were expected. Was it saved by another architecture?");
        }

        ReadFrom(entry, first, into);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private SafetensorsEntry Require<T>(string name)
        where T : unmanaged
    {
        SafetensorsEntry entry = Find(name) ?? throw new InputException($"{_path}: has no array “{name}”. Was it saved by another architecture?");
        return entry.Holds<T>() ? entry : throw new InputException($"{_path}: “{name}” is of dtype {entry.Type}, not {typeof(T).Name}.");
    }

    private void ReadFrom<T>(SafetensorsEntry entry, long first, Span<T> into)
        where T : unmanaged
    {
        try
        {
            Fill(_file, _path, MemoryMarshal.AsBytes(into), entry.Offset + (first * entry.ElementSize));
        }
        catch (IOException e)
        {
            throw CannotRead(_path, e);
        }
    }

    private static byte[] ReadHeader(SafeFileHandle file, string path, out long fileLength)
    {
        fileLength = RandomAccess.GetLength(file);
        Span<byte> prefix = stackalloc byte[LengthSize];
        if (fileLength < LengthSize || RandomAccess.Read(file, prefix, 0) != LengthSize)
        {
            throw new InputException($"{path}: not a safetensors file: only {fileLength} bytes. Save or download it again.");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)(fileLength - LengthSize) || length > LongestHeader)
        {
            throw new InputException(
                $"{path}: not a safetensors file, or cut short: a header of {length} bytes in a file of {fileLength}. Save or download it again.");
        }

        var header = new byte[length];
        Fill(file, path, header, LengthSize);
        return header;
    }

    private static void Fill(SafeFileHandle file, string path, Span<byte> into, long offset)
    {
        while (into.Length > 0)
        {
            int read = RandomAccess.Read(file, into, offset);
            if (read <= 0)
            {
                throw new InputException($"{path}: ends early; it was cut short while being read. Save or download it again.");
            }

            into = into[read..];
            offset += read;
        }
    }

    private static InputException CannotRead(string path, Exception cause) =>
        new($"{path}: cannot be read: {cause.Message.Split('\n')[0].TrimEnd('.')}. Check the path and its permissions.", cause);
}
