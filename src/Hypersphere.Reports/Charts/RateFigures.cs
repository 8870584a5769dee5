namespace Hypersphere.Reports.Charts;

/// <summary>ROC (logarithmic FAR) and DET (normal deviate on both axes) of all runs together.</summary>
internal static class RateFigures
{
    private const double Width = 440;
    private const double Guide = 1e-2;

    /// <summary>A run's curve with the two numbers that its label states.</summary>
    public sealed record Curve(string Name, int Style, IReadOnlyList<RatePoint> Rates, double Eer, double Tar);

    public static string Roc(string id, string title, IReadOnlyList<Curve> runs)
    {
        double low = Math.Clamp(runs.SelectMany(r => r.Rates).Select(p => p.Far).Where(f => f > 0).DefaultIfEmpty(1e-3).Min(), 1e-6, 0.1);
        Axis x = Axis.Log(low, 1, "false accept rate (log scale)", ValueFormat.Percent);
        Axis y = Axis.Linear(0, 1, "true accept rate", ValueFormat.Percent, 5);
        Series[] series = [.. runs.Select(r => new Series(
            Text.Clip(r.Name, 20), [.. Start(r.Rates, x.Low), .. Points(r.Rates, p => (p.Far, 1 - p.Frr))], r.Style,
            $"{Text.Percent(r.Tar)} at FAR 1{Text.Space}%"))];
        return Draw(id, title, "ROC: true accept rate over false accept rate", x, y, series, lowerKey: true, (svg, frame) =>
        {
            double at = frame.PlaceX(Guide);
            svg.Line(at, frame.Top, at, frame.Bottom, "ref");
            svg.Path(Polyline.Data(frame, Chance(x)), "ref");
        }, (svg, frame) =>
        {
            foreach (Curve run in runs)
            {
                svg.Circle(frame.PlaceX(Guide), frame.PlaceY(TarAt(run.Rates, Guide)), 4, $"f{run.Style}");
            }
        });
    }

    public static string Det(string id, string title, IReadOnlyList<Curve> runs)
    {
        double least = runs.SelectMany(r => r.Rates).SelectMany(p => new[] { p.Far, p.Frr }).Where(v => v > 0).DefaultIfEmpty(1e-3).Min();
        double worst = runs.Select(r => Eer(r.Rates)).Where(double.IsFinite).DefaultIfEmpty(0.1).Max();
        (double low, double high) = (Axis.RateBelow(least), worst > 0.3 ? 0.95 : worst > 0.15 ? 0.8 : 0.6);
        Axis x = Axis.Normal(low, high, "false accept rate (normal deviate scale)");
        Axis y = Axis.Normal(low, high, "false reject rate");
        Series[] series = [.. runs.Select(r => new Series(
            Text.Clip(r.Name, 20), Points(r.Rates, p => (p.Far, p.Frr)), r.Style,
            double.IsFinite(r.Eer) ? $"EER {Text.Percent(r.Eer)}" : ""))];
        return Draw(id, title, "DET: false reject rate over false accept rate", x, y, series, lowerKey: false,
            (svg, frame) => svg.Line(frame.Left, frame.Bottom, frame.Right, frame.Top, "ref"),
            (svg, frame) =>
            {
                foreach (Curve run in runs.Where(r => Eer(r.Rates) is var eer && eer > low && eer < high))
                {
                    svg.Circle(frame.PlaceX(Eer(run.Rates)), frame.PlaceY(Eer(run.Rates)), 4, $"f{run.Style}");
                }
            });
    }

    /// <summary>Where the two rates cross, by straight lines between the points; NaN when they do not.</summary>
    public static double Eer(IReadOnlyList<RatePoint> rates)
    {
        RatePoint[] sorted = Sorted(rates);
        for (int i = 0; i < sorted.Length; i++)
        {
            double gap = sorted[i].Far - sorted[i].Frr;
            if (gap < 0)
            {
                continue;
            }

            if (i == 0 || gap == 0)
            {
                return gap == 0 ? sorted[i].Far : double.NaN;
            }

            double before = sorted[i - 1].Frr - sorted[i - 1].Far;
            return sorted[i - 1].Far + ((sorted[i].Far - sorted[i - 1].Far) * before / (before + gap));
        }

        return double.NaN;
    }

    /// <summary>The greatest true accept rate among thresholds whose FAR does not exceed the limit.</summary>
    public static double TarAt(IReadOnlyList<RatePoint> rates, double far) =>
        rates.Where(p => p.Far <= far * (1 + 1e-9) && double.IsFinite(p.Frr)).Select(p => 1 - p.Frr).DefaultIfEmpty(0).Max();

    /// <summary>The key stands in the corner of the plot; where a curve runs through that corner, above the plot.</summary>
    private static string Draw(
        string id, string title, string what, Axis x, Axis y, Series[] series, bool lowerKey, Action<SvgWriter, Frame> under,
        Action<SvgWriter, Frame> over)
    {
        double left = Frame.Gutter(y) + 2;
        var frame = new Frame(left, 30, Width - left - 18, 340, x, y);
        double room = (series.Length * Key.Row) + 10;
        double keyLeft = frame.Right - Key.Width(series) - 6;
        double keyTop = lowerKey ? frame.Bottom - room : frame.Top + 10;
        bool inside = !series.SelectMany(s => s.Points)
            .Any(p => frame.PlaceX(p.X) > keyLeft - 14 && frame.PlaceY(p.Y) > keyTop - 10 && frame.PlaceY(p.Y) < keyTop + room);
        frame = inside ? frame : frame with { Top = 30 + room };
        string all = string.Join("; ", series.Select(s => $"{s.Name}: {s.Note}"));
        var svg = new SvgWriter(id, Width, frame.Bottom + 46, title, $"{what}. {all}.");
        frame.Draw(svg);
        frame.Open(svg);
        under(svg, frame);
        foreach (Series s in Series.Stacked(series))
        {
            s.Draw(svg, frame);
        }

        frame.Close(svg);
        over(svg, frame);
        Key.Draw(svg, inside ? keyLeft : frame.Left, inside ? keyTop : 0, series, paper: inside);
        return svg.Finish();
    }

    private static RatePoint[] Sorted(IReadOnlyList<RatePoint> rates) =>
        [.. rates.Where(p => double.IsFinite(p.Far) && double.IsFinite(p.Frr)).OrderBy(p => p.Far).ThenByDescending(p => p.Frr)];

    private static (double X, double Y)[] Points(IReadOnlyList<RatePoint> rates, Func<RatePoint, (double, double)> place) =>
        [.. Sorted(rates).Where(p => p.Far > 0).Select(place)];

    /// <summary>What is accepted without a single false accept, at the left edge: a logarithm has no zero.</summary>
    private static IEnumerable<(double X, double Y)> Start(IReadOnlyList<RatePoint> rates, double left) =>
        rates.Where(p => p.Far <= left && double.IsFinite(p.Frr)).Select(p => (left, 1 - p.Frr)).OrderByDescending(p => p.Item2).Take(1);

    /// <summary>TAR = FAR, what guessing gives.</summary>
    private static IEnumerable<(double X, double Y)> Chance(Axis x) =>
        Enumerable.Range(0, 81).Select(i => x.Low * Math.Pow(x.High / x.Low, i / 80.0)).Select(f => (f, f));
}
