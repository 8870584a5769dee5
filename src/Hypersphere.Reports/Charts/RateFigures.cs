namespace Hypersphere.Reports.Charts;

/// <summary>ROC (logarithmic FAR) and DET (normal deviate on both axes) of all runs together.</summary>
internal static class RateFigures
{
    private const double Width = 440;
    private static readonly double[] Guides = [1e-4, 1e-3, 1e-2];

    public static string Roc(string id, string title, IReadOnlyList<(string Name, int Style, IReadOnlyList<RatePoint> Rates)> runs)
    {
        double low = Math.Clamp(runs.SelectMany(r => r.Rates).Select(p => p.Far).Where(f => f > 0).DefaultIfEmpty(1e-3).Min(), 1e-6, 0.1);
        Axis x = Axis.Log(low, 1, "false accept rate (log scale)", ValueFormat.Percent);
        Axis y = Axis.Linear(0, 1, "true accept rate", ValueFormat.Percent, 5);
        Frame frame = Square(y, x);
        double guide = Guides.Where(g => g >= low * 0.999).Append(1e-2).Max();
        Series[] series = [.. runs.Select(r => new Series(Text.Clip(r.Name, 20), [.. Start(r.Rates, x.Low), .. Curve(r.Rates, p => (p.Far, 1 - p.Frr))], r.Style, Note(r.Rates, guide)))];
        var svg = new SvgWriter(id, Width, frame.Bottom + 46, title, Describe("ROC: true accept rate over false accept rate", series));
        frame.Draw(svg);
        double at = frame.PlaceX(guide);
        svg.Line(at, frame.Top, at, frame.Bottom, "ref");
        frame.Open(svg);
        Chance(svg, frame, x);
        foreach (Series s in series)
        {
            s.Draw(svg, frame);
        }

        frame.Close(svg);
        foreach (((_, int style, IReadOnlyList<RatePoint> rates), Series _) in runs.Zip(series))
        {
            svg.Circle(at, frame.PlaceY(TarAt(rates, guide)), 4, $"f{style}");
        }

        double keyWidth = Key.Width(series);
        Key.Draw(svg, frame.Right - keyWidth - 6, frame.Bottom - (series.Length * Key.Row) - 10, series, paper: true);
        return svg.Finish();
    }

    public static string Det(string id, string title, IReadOnlyList<(string Name, int Style, IReadOnlyList<RatePoint> Rates)> runs)
    {
        double least = runs.SelectMany(r => r.Rates).SelectMany(p => new[] { p.Far, p.Frr }).Where(v => v > 0).DefaultIfEmpty(1e-3).Min();
        double worst = runs.Select(r => Eer(r.Rates)).Where(double.IsFinite).DefaultIfEmpty(0.1).Max();
        double low = Axis.RateBelow(least);
        double high = worst > 0.3 ? 0.95 : worst > 0.15 ? 0.8 : 0.6;
        Axis x = Axis.Normal(low, high, "false accept rate (normal deviate scale)");
        Axis y = Axis.Normal(low, high, "false reject rate");
        Frame frame = Square(y, x);
        Series[] series = [.. runs.Select(r => new Series(
            Text.Clip(r.Name, 20), Curve(r.Rates, p => (p.Far, p.Frr)), r.Style, double.IsFinite(Eer(r.Rates)) ? $"EER {Text.Percent(Eer(r.Rates))}" : ""))];
        var svg = new SvgWriter(id, Width, frame.Bottom + 46, title, Describe("DET: false reject rate over false accept rate", series));
        frame.Draw(svg);
        svg.Line(frame.Left, frame.Bottom, frame.Right, frame.Top, "ref");
        frame.Open(svg);
        foreach (Series s in series)
        {
            s.Draw(svg, frame);
        }

        frame.Close(svg);
        foreach (Series s in series)
        {
            double eer = Eer([.. s.Points.Select(p => new RatePoint(p.X, p.Y))]);
            if (eer > low && eer < high)
            {
                svg.Circle(frame.PlaceX(eer), frame.PlaceY(eer), 4, $"f{s.Style}");
            }
        }

        Key.Draw(svg, frame.Right - Key.Width(series) - 6, frame.Top + 10, series, paper: true);
        return svg.Finish();
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

    private static string Note(IReadOnlyList<RatePoint> rates, double far) => $"{Text.Percent(TarAt(rates, far))} at FAR {Text.Fixed(far * 100, far < 0.01 ? far < 0.001 ? 2 : 1 : 0)}{Text.Space}%";

    private static Frame Square(Axis y, Axis x)
    {
        double left = Frame.Gutter(y) + 2;
        return new Frame(left, 30, Width - left - 16, 340, x, y);
    }

    private static RatePoint[] Sorted(IReadOnlyList<RatePoint> rates) =>
        [.. rates.Where(p => double.IsFinite(p.Far) && double.IsFinite(p.Frr)).OrderBy(p => p.Far).ThenByDescending(p => p.Frr)];

    private static (double X, double Y)[] Curve(IReadOnlyList<RatePoint> rates, Func<RatePoint, (double, double)> place) =>
        [.. Sorted(rates).Where(p => p.Far > 0).Select(place)];

    /// <summary>What is accepted without a single false accept, at the left edge: a logarithm has no zero.</summary>
    private static IEnumerable<(double X, double Y)> Start(IReadOnlyList<RatePoint> rates, double left) =>
        rates.Where(p => p.Far <= left && double.IsFinite(p.Frr)).Select(p => (left, 1 - p.Frr)).OrderByDescending(p => p.Item2).Take(1);

    private static void Chance(SvgWriter svg, Frame frame, Axis x)
    {
        double decades = Math.Log10(x.High / x.Low);
        var points = Enumerable.Range(0, 81).Select(i => x.Low * Math.Pow(10, decades * i / 80)).Select(f => (f, f));
        svg.Path(Polyline.Data(frame, points), "ref");
    }

    private static string Describe(string what, IEnumerable<Series> series) => $"{what}. {string.Join("; ", series.Select(s => $"{s.Name}: {s.Note}"))}.";
}
