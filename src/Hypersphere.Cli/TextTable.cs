namespace Hypersphere.Cli;

/// <summary>Rows in aligned columns.</summary>
internal static class TextTable
{
    private const string Gap = "   ";

    /// <summary>The lines of a table.</summary>
    /// <param name="heading">A word a column.</param>
    /// <param name="rows">As many cells a row.</param>
    /// <param name="numbers">Whether all columns but the first are numbers, which go to the right.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string> heading, IEnumerable<IReadOnlyList<string>> rows, bool numbers = true)
    {
        IReadOnlyList<string>[] all = [heading, .. rows];
        int[] widths = [.. heading.Select((_, column) => all.Max(row => row[column].Length))];
        return all.Select(row => string.Join(Gap, row.Select((cell, column) =>
            numbers && column > 0 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
    }
}
