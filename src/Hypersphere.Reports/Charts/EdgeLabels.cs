namespace Hypersphere.Reports.Charts;

/// <summary>Names at the right ends of curves, moved apart where the ends meet, each with a thin line to its curve.</summary>
internal static class EdgeLabels
{
    private const double Lead = 20;

    /// <summary>Room on the right of the plot.</summary>
    public static double Width(IEnumerable<Series> series) =>
        Lead + 10 + series.Select(s => Math.Max(Text.Width(s.Name, Text.Bold), Text.Width(s.Note, Text.Small))).DefaultIfEmpty(0).Max();

    /// <summary>Height that the labels need together.</summary>
    public static double Height(IReadOnlyCollection<Series> series) => series.Count * Line(series);

    public static void Draw(SvgWriter svg, Frame frame, IReadOnlyList<Series> series)
    {
        Series[] shown = [.. series.Where(s => s.End is { } end && Inside(frame, end.Y))];
        double[] ends = [.. shown.Select(s => frame.PlaceY(s.End!.Value.Y))];
        double line = Line(shown);
        double[] placed = LabelSpread.Place(ends, line, frame.Top + (line / 2) - 8, frame.Bottom - (line / 2) + 6);
        for (int i = 0; i < shown.Length; i++)
        {
            Series s = shown[i];
            double x = frame.PlaceX(s.End!.Value.X);
            svg.Path($"M{SvgWriter.N(x + 4)} {SvgWriter.N(ends[i])} {SvgWriter.N(frame.Right + Lead)} {SvgWriter.N(placed[i])}",
                $"lead s{s.Style}");
            svg.Circle(x, ends[i], 3.2, $"f{s.Style}");
            Name(svg, s, frame.Right + Lead + 4, placed[i]);
        }

        Leaving(svg, frame, [.. series.Where(s => s.End is { } end && !Inside(frame, end.Y))]);
    }

    private static bool Inside(Frame frame, double value) =>
        frame.PlaceY(value) >= frame.Top - 4 && frame.PlaceY(value) <= frame.Bottom + 4;

    /// <summary>Curves that end beyond the axis are named where they leave the plot, with the value they end at.</summary>
    private static void Leaving(SvgWriter svg, Frame frame, Series[] series)
    {
        for (int i = 0; i < series.Length; i++)
        {
            Series s = series[i];
            (double endX, double endY) = s.End!.Value;
            (double lastX, _) = s.Points.LastOrDefault(p => double.IsFinite(p.Y) && Inside(frame, p.Y), s.Points[0]);
            bool low = frame.PlaceY(endY) > frame.Bottom;
            double y = low ? frame.Bottom - 20 - (34 * i) : frame.Top + 18 + (34 * i);
            string ends = $"{(low ? "↓" : "↑")} {Text.Short(endY)} at {frame.X.Label(endX)}";
            Name(svg, s with { Note = s.Note.Length > 0 ? $"{s.Note}, {ends}" : ends },
                Math.Min(frame.PlaceX(lastX) + 10, frame.Right - Width([s]) - 40), y, "h ");
        }
    }

    private static void Name(SvgWriter svg, Series s, double x, double middle, string css = "")
    {
        bool two = s.Note.Length > 0;
        svg.Write(x, middle + (two ? -2.5 : 4.5), s.Name, $"{css}b x{s.Style}");
        if (two)
        {
            svg.Write(x, middle + 12, s.Note, $"{css}m");
        }
    }

    private static double Line(IReadOnlyCollection<Series> series) => series.Any(s => s.Note.Length > 0) ? 32 : 17;
}
