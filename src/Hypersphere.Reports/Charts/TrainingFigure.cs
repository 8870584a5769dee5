namespace Hypersphere.Reports.Charts;

/// <summary>One quantity over training, a curve a run: the value at every step thin, its running mean bold.</summary>
internal static class TrainingFigure
{
    private const double Width = 300;
    private const int Most = 600;

    /// <summary>More runs than these would hide each other behind their noise.</summary>
    public const int MostThin = 2;

    /// <remarks><paramref name="axis"/> makes the y axis from (least, greatest), <paramref name="last"/> words the last value.</remarks>
    public static string Render(string id, string title, IReadOnlyList<Series> raw, bool smooth, string xTitle,
        Func<double, double, Axis> axis, Func<double, string>? last = null)
    {
        Series[] bold = [.. raw.Select(s => (smooth ? s with { Points = Smooth(s.Points) } : s) with { Name = Text.Clip(s.Name, 14) })];
        bold = [.. bold.Select(s => last is not null && s.End is { } end ? s with { Note = last(end.Y) } : s)];
        double[] xs = [.. raw.SelectMany(s => s.Points).Select(p => p.X).Where(double.IsFinite)];
        Axis x = Axis.Linear(xs.DefaultIfEmpty(0).Min() is var first && first <= 1 ? 0 : first, xs.DefaultIfEmpty(1).Max(), xTitle,
            ticks: 3);
        Axis y = axis(Extent(raw, 0.01), Math.Max(Extent(raw, 0.99),
            bold.SelectMany(s => s.Points).Select(p => p.Y).Where(double.IsFinite).DefaultIfEmpty(1).Max()));
        double left = Frame.Gutter(y) + 2;
        var frame = new Frame(left, 30, Width - left - EdgeLabels.Width(bold), Math.Max(180, EdgeLabels.Height(bold)), x, y);
        string ends = string.Join("; ", bold.Select(s => $"{s.Name} ends at {Text.Short(s.End?.Y ?? double.NaN)}"));
        var svg = new SvgWriter(id, Width, frame.Bottom + 44, title, $"Line chart of {y.Title} over {xTitle}. {ends}.");
        frame.Draw(svg);
        frame.Open(svg);
        if (smooth && raw.Count <= MostThin)
        {
            foreach (Series s in raw)
            {
                (s with { Points = Thin(s.Points) }).Draw(svg, frame, thin: true);
            }
        }

        foreach (Series s in Series.Stacked(bold))
        {
            s.Draw(svg, frame);
        }

        frame.Close(svg);
        EdgeLabels.Draw(svg, frame, bold);
        return svg.Finish();
    }

    /// <summary>Steps that the running mean spans: a fortieth of the curve.</summary>
    public static int Window(int count) => Math.Max(1, count / 40);

    private static double Extent(IReadOnlyList<Series> raw, double quantile)
    {
        double[] values = [.. raw.SelectMany(s => s.Points).Select(p => p.Y).Where(double.IsFinite).Order()];
        return values.Length == 0 ? 0 : values[(int)(quantile * (values.Length - 1))];
    }

    /// <summary>Keeps every k-th value when there are more than a screen can show.</summary>
    private static IReadOnlyList<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points)
    {
        int every = 1 + (points.Count / Most);
        return every == 1 ? points : [.. points.Where((_, i) => i % every == 0)];
    }

    /// <summary>Mean over a centred window, shorter at the ends; at most <see cref="Most"/> points.</summary>
    private static List<(double X, double Y)> Smooth(IReadOnlyList<(double X, double Y)> points)
    {
        int half = Window(points.Count) / 2;
        int every = 1 + (points.Count / Most);
        var means = new List<(double, double)>();
        for (int i = 0; i < points.Count; i++)
        {
            if (i % every != 0 && i != points.Count - 1)
            {
                continue;
            }

            int reach = Math.Min(half, Math.Min(i, points.Count - 1 - i) + (half / 4));
            double sum = 0;
            int count = 0;
            for (int k = Math.Max(0, i - reach); k <= Math.Min(points.Count - 1, i + reach); k++)
            {
                if (double.IsFinite(points[k].Y))
                {
                    sum += points[k].Y;
                    count++;
                }
            }

            means.Add((points[i].X, count > 0 ? sum / count : double.NaN));
        }

        return means;
    }
}
