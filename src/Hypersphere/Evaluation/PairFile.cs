using System.Globalization;

namespace Hypersphere.Evaluation;

/// <summary>Reads lists of pairs in the forms that verification sets come in.</summary>
/// <param name="path">The file.</param>
/// <param name="names">[N] what the samples are called, such as "Ann_Lee/Ann_Lee_0001.jpg"; null where only rows can be named.</param>
/// <param name="samples">N.</param>
/// <param name="numbered">Whether the names are numbers themselves, as templates' are, so that a number is never a row.</param>
internal sealed class PairFile(string path, IReadOnlyList<string>? names, int samples, bool numbered = false)
{
    private const string Forms = "name i j, name i name j, or image image 1 (same) or 0";

    private readonly List<int> _first = [];
    private readonly List<int> _second = [];
    private readonly List<bool> _same = [];
    private readonly SampleNames? _names = names is null ? null : new(names);
    private int _line;

    /// <summary>Reads all pairs.</summary>
    /// <exception cref="InputException">The file is missing, empty or malformed, or names a sample that is not there; the message names the line.</exception>
    public VerificationPairs Read()
    {
        foreach ((int line, string[] cells) in TableFile.Rows(path))
        {
            _line = line;
            Add(cells);
        }

        return _first.Count > 0
            ? new VerificationPairs([.. _first], [.. _second], [.. _same])
            : throw new InputException($"{path}: holds no pairs; give lines of {Forms}");
    }

    private void Add(string[] cells)
    {
        bool heading = _line == 1 && cells.Length is 1 or 2 && cells.All(IsNumber);
        if (heading)
        {
            return;
        }

        bool labelled = cells.Length == 3 && cells[2] is "0" or "1" && (!IsNumber(cells[1]) || IsNumber(cells[0]));
        (int first, int second, bool same) = cells.Length switch
        {
            3 when labelled => (Sample(cells[0]), Sample(cells[1]), cells[2] == "1"),
            3 => (Sample(cells[0], cells[1]), Sample(cells[0], cells[2]), true),
            4 => (Sample(cells[0], cells[1]), Sample(cells[2], cells[3]), false),
            _ => throw Malformed($"has {cells.Length} columns; a line is {Forms}"),
        };
        _first.Add(first);
        _second.Add(second);
        _same.Add(same);
    }

    /// <summary>The sample of a person by number: "Ann_Lee", "3" is Ann_Lee/Ann_Lee_0003.</summary>
    private int Sample(string person, string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n)
            ? Sample(string.Create(CultureInfo.InvariantCulture, $"{person}/{person}_{n:D4}"))
            : throw Malformed($"'{Short(number)}' is no number of an image; a line is {Forms}");

    private int Sample(string cell)
    {
        if (_names?.Find(cell, byFile: !IsNumber(cell)) is { } found)
        {
            return found;
        }

        if (int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int row) && row < samples && !numbered)
        {
            return row;
        }

        string what = numbered ? "templates" : "images";
        throw _names is null || (IsNumber(cell) && !numbered)
            ? Malformed($"'{Short(cell)}' is not a row; there are {samples} samples, numbered from 0")
            : Malformed($"'{Short(cell)}' is not among the {samples} {what}; do pairs and {what} belong together?");
    }

    private static bool IsNumber(string cell) => cell.Length > 0 && cell.All(char.IsAsciiDigit);

    private static string Short(string cell) => cell.Length <= 60 ? cell : cell[..60] + "…";

    private InputException Malformed(string what) => new($"{path}, line {_line}: {what}");
}
