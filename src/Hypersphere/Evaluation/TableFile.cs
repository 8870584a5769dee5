using Hypersphere.Formats;

namespace Hypersphere.Evaluation;

/// <summary>Lists in text files: a row a line, with tabs, commas or spaces between the cells.</summary>
internal static class TableFile
{
    /// <summary>All rows that are not empty, with the numbers of their lines.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static IEnumerable<(int Line, string[] Cells)> Rows(string path)
    {
        using FileStream file = InputFile.Open(path);
        using var reader = new StreamReader(file);
        int number = 0;
        while (Next(reader, path) is { } line)
        {
            number++;
            string[] cells = Split(line);
            if (cells.Length > 0)
            {
                yield return (number, cells);
            }
        }
    }

    /// <summary>The cells of a line: at tabs if it has any, else at commas, else at spaces.</summary>
    public static string[] Split(string line)
    {
        char separator = line.Contains('\t', StringComparison.Ordinal) ? '\t' : line.Contains(',', StringComparison.Ordinal) ? ',' : ' ';
        return line.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private static string? Next(StreamReader reader, string path)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (IOException e)
        {
            throw new InputException($"{path}: cannot be read: {BoundedReader.FirstLine(e)}", e);
        }
    }
}
