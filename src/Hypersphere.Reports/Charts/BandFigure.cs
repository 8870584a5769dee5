namespace Hypersphere.Reports.Charts;

/// <summary>Curves over training steps, each in a band of ± one standard deviation over the seeds.</summary>
internal static class BandFigure
{
    public static string Render(
        string id, double width, double height, string title, IReadOnlyList<Band> bands, string quantity, ValueFormat format)
    {
        Series[] means = [.. bands.Select(b => new Series(
            Text.Clip(b.Name, 18), [.. b.Points.Select(p => (p.Step, p.Mean))], b.Style, b.Name.Length > 0 ? Last(b, format) : ""))];
        bool labels = bands.Any(b => b.Name.Length > 0), rows = labels && width < 600;
        double[] highs = [.. bands.SelectMany(b => b.Points).Select(p => p.Mean + p.Deviation).Order()];
        double[] lows = [.. bands.SelectMany(b => b.Points).Select(p => p.Mean - p.Deviation).Order()];
        Axis x = Axis.Linear(0, bands.SelectMany(b => b.Points).Select(p => p.Step).DefaultIfEmpty(1).Max(), "step", ticks: width < 400 ? 3 : 6);
        Axis y = Axis.Linear(Math.Min(0, At(lows, 0)), At(highs, 0.995), quantity, format, 4, round: true);
        double left = Frame.Gutter(y) + 2, top = 30 + (rows ? (means.Length * Key.Row) + 12 : 0);
        double room = labels && !rows ? EdgeLabels.Width(means) : 16;
        var frame = new Frame(left, top, width - left - room, Math.Max(height, rows ? 0 : EdgeLabels.Height(means)), x, y);
        var svg = new SvgWriter(id, width, frame.Bottom + 44, title, Describe(bands, quantity));
        if (rows)
        {
            Key.Draw(svg, left, 4, means);
        }

        frame.Draw(svg);
        frame.Open(svg);
        foreach (Band band in bands.Where(b => b.Points.Any(p => p.Deviation > 0)))
        {
            svg.Path(Area(frame, band), $"f{band.Style}", " fill-opacity=\".18\"");
        }

        foreach (Series mean in Series.Stacked(means))
        {
            mean.Draw(svg, frame);
        }

        frame.Close(svg);
        if (labels && !rows)
        {
            EdgeLabels.Draw(svg, frame, means);
        }

        return svg.Finish();
    }

    private static string Area(Frame frame, Band band)
    {
        IEnumerable<(double, double)> there = band.Points.Select(p => (p.Step, p.Mean + p.Deviation));
        IEnumerable<(double, double)> back = band.Points.Reverse().Select(p => (p.Step, p.Mean - p.Deviation));
        return Polyline.Data(frame, there.Concat(back)) + "Z";
    }

    private static double At(double[] sorted, double quantile) => sorted.Length == 0 ? 1 : sorted[(int)Math.Round(quantile * (sorted.Length - 1))];

    private static string Last(Band band, ValueFormat format)
    {
        (_, double mean, double deviation) = band.Points[^1];
        string unit = format == ValueFormat.Degrees ? "°" : "";
        return deviation > 0 ? $"{Text.Fixed(mean, 1)}{Text.Space}±{Text.Space}{Text.Fixed(deviation, 1)}{unit}" : Text.Fixed(mean, 1) + unit;
    }

    private static string Describe(IReadOnlyList<Band> bands, string quantity) =>
        $"Line chart of {quantity} over training steps, mean over the seeds with a band of one standard deviation. "
        + string.Join("; ", bands.Where(b => b.Points.Count > 0).Select(b =>
            $"{(b.Name.Length > 0 ? b.Name + " ends" : "it ends")} at {Text.Short(b.Points[^1].Mean)}")) + ".";
}
