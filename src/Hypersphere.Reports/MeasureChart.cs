namespace Hypersphere.Reports;

/// <summary>One measure of several runs over their training, in one picture.</summary>
public static class MeasureChart
{
    private const double Width = 860, Height = 380, Top = 66;

    /// <summary>One SVG file of its own.</summary>
    /// <param name="curves">At least one; names stand at the curves' ends.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="across">What x counts, such as "epoch".</param>
    /// <param name="up">What y is.</param>
    /// <param name="percent">Whether y is a share, to be written in percent.</param>
    public static string RenderSvg(IReadOnlyList<MeasureCurve> curves, string title, string across, string up, bool percent = false)
    {
        ArgumentNullException.ThrowIfNull(curves);
        Series[] series = [.. curves.Select((c, i) => new Series(c.Name, c.Points, Palette.Run(i)))];
        series = [.. series.Select(s => s.End is { } end ? s with { Note = percent ? Text.Percent(end.Y) : Text.Short(end.Y) } : s)];
        (double X, double Y)[] points = [.. curves.SelectMany(c => c.Points).Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)).DefaultIfEmpty((0, 0))];
        Axis x = Axis.Linear(points.Min(p => p.X) is var first && first <= 1 ? 0 : first, points.Max(p => p.X), across);
        Axis y = Axis.Linear(points.Min(p => p.Y), points.Max(p => p.Y), up, percent ? ValueFormat.Percent : ValueFormat.Number, round: true);
        double left = Frame.Gutter(y) + 20;
        var frame = new Frame(left, Top, Width - left - EdgeLabels.Width(series) - 16, Math.Max(Height - Top - 46, EdgeLabels.Height(series)), x, y);
        string ends = string.Join("; ", series.Select(s => $"{s.Name} ends at {s.Note}"));
        var svg = new SvgWriter("measure", Width, frame.Bottom + 46, title, $"Line chart of {up} over {across}. {ends}.", standalone: true);
        svg.Write(20, 32, title, "ti");
        frame.Draw(svg);
        frame.Open(svg);
        foreach (Series s in Series.Stacked(series))
        {
            s.Draw(svg, frame);
        }

        frame.Close(svg);
        EdgeLabels.Draw(svg, frame, series);
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg.Finish() + "\n";
    }

    /// <summary>Writes it to a file, which appears whole or not at all.</summary>
    /// <param name="path">Where.</param>
    /// <param name="svg">What <see cref="RenderSvg"/> returned.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, string svg) => HtmlReport.Save(path, svg);
}
