namespace Hypersphere.Formats;

/// <summary>Opens files that a person named, so that whatever goes wrong is told in one line with the path.</summary>
internal static class InputFile
{
    /// <summary>Opens for reading, front to back.</summary>
    /// <exception cref="InputException">The file does not exist or may not be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"{path}: cannot be opened: {BoundedReader.FirstLine(e)}", e);
        }
    }

    /// <summary>Reads the first bytes of a file, as many as there are up to <paramref name="limit"/>.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static int ReadHead(string path, int limit, ref byte[] buffer)
    {
        using FileStream file = Open(path);
        if (buffer.Length < limit)
        {
            buffer = new byte[limit];
        }

        return BoundedReader.Fill(file, buffer.AsSpan(0, (int)Math.Min(limit, file.Length)), path);
    }

    /// <summary>Reads a whole file into <paramref name="buffer"/>, which grows when it has to.</summary>
    /// <returns>The length of the file.</returns>
    /// <exception cref="InputException">The file cannot be read or is 1 GiB or longer.</exception>
    public static int ReadAll(string path, ref byte[] buffer)
    {
        using FileStream file = Open(path);
        long length = file.Length;
        if (length >= 1 << 30)
        {
            throw new InputException($"{path}: is {length} bytes long; an image file must be shorter than 1 GiB");
        }

        if (buffer.Length < length)
        {
            buffer = new byte[Math.Max((int)length, buffer.Length * 2)];
        }

        return BoundedReader.Fill(file, buffer.AsSpan(0, (int)length), path);
    }
}
