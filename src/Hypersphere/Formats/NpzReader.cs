using System.IO.Compression;

namespace Hypersphere.Formats;

/// <summary>Reads .npz, NumPy's zip of named arrays, one array at a time.</summary>
public sealed class NpzReader : IDisposable
{
    private readonly string _name;
    private readonly long _length;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file cannot be opened, or is no zip, or a damaged one.</exception>
    public NpzReader(string path)
        : this(InputFile.Open(path), path)
    {
    }

    internal NpzReader(Stream stream, string name)
    {
        (_name, _length) = (name, stream.Length);
        _zip = Guard(() => new ZipArchive(stream, ZipArchiveMode.Read));
        foreach (ZipArchiveEntry entry in Guard(() => _zip.Entries))
        {
            const string Suffix = ".npy";
            string key = entry.FullName.EndsWith(Suffix, StringComparison.Ordinal) ? entry.FullName[..^Suffix.Length] : entry.FullName;
            if (!_entries.TryAdd(key, entry))
            {
                throw new InputException($"{name}: holds two arrays named {key}; save it again");
            }
        }
    }

    /// <summary>The names of the arrays, in file order.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Whether there is an array of this name.</summary>
    /// <param name="array">Its name.</param>
    public bool Contains(string array) => _entries.ContainsKey(array);

    /// <summary>Reads an array.</summary>
    /// <param name="array">Its name.</param>
    /// <exception cref="InputException">There is none of this name, or it is damaged, of an unreadable type, or not as long as its
    /// header says.</exception>
    public NpyArray Read(string array)
    {
        if (!_entries.TryGetValue(array, out ZipArchiveEntry? entry))
        {
            throw new InputException(
                $"{_name}: has no array \"{array}\"; it holds {string.Join(", ", _entries.Keys.Order(StringComparer.Ordinal))}");
        }

        string what = $"{_name}: {array}";
        long stored = entry.CompressedLength;
        if (stored < 0 || stored > _length)
        {
            throw new InputException($"{what}: the zip claims {stored} bytes of a file of {_length}; it is damaged");
        }

        return Guard(() =>
        {
            using Stream inflated = entry.Open();
            using ChecksumStream verified = new(inflated);
            NpyArray result = NpyFile.Read(verified, stored, what);
            return verified.Checksum == entry.Crc32
                ? result
                : throw new InputException($"{what}: the checksum is wrong; the file is damaged, get it again");
        });
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _zip.Dispose();

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException
            or OverflowException)
        {
            throw new InputException($"{_name}: not an .npz file, or a damaged one ({BoundedReader.FirstLine(e)})", e);
        }
    }
}
