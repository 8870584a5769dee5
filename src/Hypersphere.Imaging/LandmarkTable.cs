using System.Globalization;

namespace Hypersphere.Imaging;

/// <summary>A table of landmarks: an image and ten numbers a line.</summary>
public static class LandmarkTable
{
    private const int Columns = 11;

    /// <summary>Reads a table: path, x and y of left eye, right eye, nose, left and right corner of the mouth, with tabs, commas or
    /// semicolons between. A first line without numbers is a heading.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Images with their points, in the order of the table.</returns>
    /// <exception cref="InputException">It cannot be read, is empty, or a line is malformed; the message names the line.</exception>
    public static IReadOnlyList<(string Image, IReadOnlyList<(double X, double Y)> Points)> Read(string path)
    {
        try
        {
            return Parse(File.ReadLines(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message.Split('\n')[0]}", e);
        }
    }

    internal static IReadOnlyList<(string Image, IReadOnlyList<(double X, double Y)> Points)> Parse(IEnumerable<string> lines, string path)
    {
        List<(string, IReadOnlyList<(double, double)>)> faces = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            char separator = line.Contains('\t', StringComparison.Ordinal) ? '\t' : line.Contains(';', StringComparison.Ordinal) ? ';' : ',';
            string[] cells = line.Split(separator, StringSplitOptions.TrimEntries);
            if (line.Trim().Length == 0)
            {
                continue;
            }

            double?[] numbers = [.. cells.Skip(1).Select(c =>
                double.TryParse(c, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) && double.IsFinite(v) ? v : (double?)null)];
            if (number == 1 && cells.Length == Columns && numbers.All(n => n is null))
            {
                continue;
            }

            if (cells.Length != Columns || numbers.Contains(null) || cells[0].Length == 0)
            {
                throw new InputException($"{path}, line {number}: needs an image and ten numbers (x and y of both eyes, nose, both corners of the mouth), with tabs or commas between");
            }

            if (!seen.Add(cells[0]))
            {
                throw new InputException($"{path}, line {number}: names {cells[0]} a second time");
            }

            faces.Add((cells[0], [.. numbers.Chunk(2).Select(p => (p[0]!.Value, p[1]!.Value))]));
        }

        return faces.Count > 0 ? faces : throw new InputException($"{path}: names no images");
    }
}
