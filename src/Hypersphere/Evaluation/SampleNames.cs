namespace Hypersphere.Evaluation;

/// <summary>Finds samples by the names that lists give them.</summary>
/// <remarks>Endings of file names do not matter, since lists and folders often differ in that alone; and where a list names no folder, a file name
/// that only one sample has suffices.</remarks>
internal sealed class SampleNames
{
    private const int Ambiguous = -1;

    private readonly Dictionary<string, int> _rows;
    private readonly Dictionary<string, int> _files;

    public SampleNames(IReadOnlyList<string> names)
    {
        (_rows, _files) = (new(names.Count, StringComparer.Ordinal), new(StringComparer.Ordinal));
        for (int i = 0; i < names.Count; i++)
        {
            string key = Key(names[i]), file = key[(key.LastIndexOf('/') + 1)..];
            _rows.TryAdd(key, i);
            if (file != key && !_files.TryAdd(file, i))
            {
                _files[file] = Ambiguous;
            }
        }
    }

    /// <summary>The row of a name, or null.</summary>
    /// <param name="name">With its folders, or without.</param>
    /// <param name="byFile">Whether a name without its folders will do.</param>
    public int? Find(string name, bool byFile = true)
    {
        string key = Key(name);
        return _rows.TryGetValue(key, out int row) || (byFile && _files.TryGetValue(key, out row) && row != Ambiguous) ? row : null;
    }

    private static string Key(string name)
    {
        string path = name.Replace('\\', '/');
        int dot = path.LastIndexOf('.');
        return dot > path.LastIndexOf('/') + 1 ? path[..dot] : path;
    }
}
