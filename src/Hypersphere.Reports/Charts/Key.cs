namespace Hypersphere.Reports.Charts;

/// <summary>A short list of line samples with names, for plots whose curves meet where labels would stand.</summary>
internal static class Key
{
    public const double Row = 19;

    private const double Sample = 30;

    /// <summary>A line sample for the head of an HTML table.</summary>
    public static string Swatch(int style) =>
        $"<svg class=\"sw\" viewBox=\"0 0 30 8\" aria-hidden=\"true\"><path d=\"M1 4 29 4\" class=\"l s{style} d{style}\"/></svg>";

    public static double Width(IEnumerable<Series> series) =>
        Sample + 8 + series.Select(s => Text.Width(s.Name, Text.Bold) + (s.Note.Length > 0 ? 8 + Text.Width(s.Note, Text.Small) : 0))
            .DefaultIfEmpty(0).Max();

    public static void Draw(SvgWriter svg, double x, double y, IReadOnlyList<Series> series, bool paper = false)
    {
        if (paper)
        {
            svg.Rect(x - 8, y - 4, Width(series) + 14, (series.Count * Row) + 8, "bg", " rx=\"4\" opacity=\".88\"");
        }

        for (int i = 0; i < series.Count; i++)
        {
            Series s = series[i];
            double middle = y + (i * Row) + (Row / 2);
            svg.Path($"M{SvgWriter.N(x)} {SvgWriter.N(middle)} {SvgWriter.N(x + Sample)} {SvgWriter.N(middle)}",
                $"l s{s.Style} d{s.Style}");
            svg.Write(x + Sample + 8, middle + 4.5, s.Name, $"b x{s.Style}");
            if (s.Note.Length > 0)
            {
                svg.Write(x + Sample + 16 + Text.Width(s.Name, Text.Bold), middle + 4.5, s.Note, "m");
            }
        }
    }
}
