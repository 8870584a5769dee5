namespace Hypersphere.Reports.Charts;

/// <summary>Names at the right ends of curves, moved apart where the ends meet, each with a thin line to its curve.</summary>
internal static class EdgeLabels
{
    private const double Lead = 14;

    /// <summary>Room on the right of the plot.</summary>
    public static double Width(IEnumerable<Series> series) =>
        Lead + 10 + series.Select(s => Math.Max(Text.Width(s.Name, 13), Text.Width(s.Note, 11.5))).DefaultIfEmpty(0).Max();

    /// <summary>Height that the labels need together.</summary>
    public static double Height(IReadOnlyCollection<Series> series) => series.Count * Line(series);

    public static void Draw(SvgWriter svg, Frame frame, IReadOnlyList<Series> series)
    {
        Series[] shown = [.. series.Where(s => s.End is not null)];
        double[] ends = [.. shown.Select(s => Math.Clamp(frame.PlaceY(s.End!.Value.Y), frame.Top, frame.Bottom))];
        double line = Line(shown);
        double[] placed = LabelSpread.Place(ends, line, frame.Top + (line / 2) - 8, frame.Bottom - (line / 2) + 6);
        for (int i = 0; i < shown.Length; i++)
        {
            Series s = shown[i];
            double x = frame.PlaceX(s.End!.Value.X);
            svg.Path($"M{SvgWriter.N(x + 4)} {SvgWriter.N(ends[i])} {SvgWriter.N(frame.Right + Lead)} {SvgWriter.N(placed[i])}", $"lead s{s.Style}");
            svg.Circle(x, ends[i], 3.2, $"f{s.Style}");
            bool two = s.Note.Length > 0;
            svg.Write(frame.Right + Lead + 4, placed[i] + (two ? -2.5 : 4.5), s.Name, $"b x{s.Style}");
            if (two)
            {
                svg.Write(frame.Right + Lead + 4, placed[i] + 12, s.Note, "m");
            }
        }
    }

    private static double Line(IReadOnlyCollection<Series> series) => series.Any(s => s.Note.Length > 0) ? 32 : 17;
}
