namespace Hypersphere.Data;

/// <summary>Lists of images: a path and an identity a line.</summary>
internal static class ImageList
{
    private const string Form = "a line is a path and an identity, with a tab, comma or space between";

    /// <summary>Reads a list; paths are relative to its folder. The identity is whatever stands last on the line.</summary>
    /// <remarks>Lines with a number first and three columns, as MXNet's .lst files have them, name the path last and the identity before it.
    /// Empty lines and those that begin with # are passed over.</remarks>
    /// <exception cref="InputException">The list cannot be read, is empty, or a line is malformed; the message names the line.</exception>
    public static FolderListing Read(string path)
    {
        SortedDictionary<string, List<string>> found = new(StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        int number = 0;
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                number++;
                if (line.Trim().Length == 0 || line.StartsWith('#'))
                {
                    continue;
                }

                (string file, string identity) = Columns(line) ?? throw new InputException($"{path}, line {number}: {Form}");
                if (!seen.Add(file))
                {
                    throw new InputException($"{path}, line {number}: names {file} a second time");
                }

                if (!found.TryGetValue(identity, out List<string>? files))
                {
                    found[identity] = files = [];
                }

                files.Add(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message.Split('\n')[0]}", e);
        }

        return found.Count > 0
            ? new FolderListing(
                Path.GetDirectoryName(Path.GetFullPath(path))!, [.. found.Keys], [.. found.Values.SelectMany(f => f)],
                [.. found.Values.SelectMany((f, label) => Enumerable.Repeat(label, f.Count))])
            : throw new InputException($"{path}: names no images; {Form}");
    }

    private static (string File, string Identity)? Columns(string line)
    {
        char separator = line.Contains('\t', StringComparison.Ordinal) ? '\t' : line.Contains(',', StringComparison.Ordinal) ? ',' : ' ';
        string[] cells = line.Split(separator, StringSplitOptions.TrimEntries);
        if (cells is [var index, var label, var last] && long.TryParse(index, out _))
        {
            return (last.Replace('\\', '/'), label);
        }

        int cut = line.LastIndexOf(separator);
        (string file, string identity) = cut < 0 ? ("", "") : (line[..cut].Trim().Replace('\\', '/'), line[(cut + 1)..].Trim());
        return file.Length == 0 || identity.Length == 0 ? null : (file, identity);
    }
}
