using System.IO.Compression;

namespace Hypersphere.Formats;

/// <summary>Writes .npz, NumPy's zip of named arrays. The same arrays give the same bytes.</summary>
public static class NpzWriter
{
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the earliest that zip knows

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="compress">Deflate the arrays: smaller and slower; random floats do not shrink.</param>
    /// <param name="arrays">The arrays by name.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Save(string path, bool compress, params IReadOnlyList<(string Name, NpyArray Array)> arrays) =>
        AtomicFile.Write(path, stream => Write(stream, compress, arrays));

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="compress">Deflate the arrays.</param>
    /// <param name="arrays">The arrays by name.</param>
    public static void Write(Stream stream, bool compress, params IReadOnlyList<(string Name, NpyArray Array)> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        using ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, NpyArray array) in arrays)
        {
            ZipArchiveEntry entry = zip.CreateEntry(name + ".npy", compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            entry.LastWriteTime = Epoch;
            using Stream body = entry.Open();
            NpyFile.Write(body, array);
        }
    }
}
