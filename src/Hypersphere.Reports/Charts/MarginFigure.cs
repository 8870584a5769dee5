namespace Hypersphere.Reports.Charts;

/// <summary>ψ(θ) above, its gradient factor below on the same x axis, and what becomes of other classes where a loss changes them;
/// softmax's cos θ is always among the curves.</summary>
internal static class MarginFigure
{
    private const double Example = 45;

    /// <summary>The curves with their styles: the known ones, ink for the first that equals cos θ, colours in turn for the rest.
    /// Where none equals cos θ, softmax comes first.</summary>
    public static IReadOnlyList<(MarginCurve Curve, int Style)> Styled(IReadOnlyList<MarginCurve> curves, Func<MarginCurve, int?> known)
    {
        MarginCurve[] shown = [.. curves.Where(c => c.Points.Count > 0)];
        MarginCurve? plain = shown.FirstOrDefault(IsSoftmax);
        int[] taken = [.. shown.Select(known).OfType<int>()];
        int next = 0;
        var styled = new List<(MarginCurve, int)>();
        if (plain is null)
        {
            styled.Add((MarginCurve.Softmax, 0));
        }

        foreach (MarginCurve curve in shown)
        {
            while (next < Palette.Count - 1 && taken.Contains(Palette.Run(next)))
            {
                next++;
            }

            styled.Add((curve, known(curve) ?? (ReferenceEquals(curve, plain) ? 0 : Palette.Run(next++))));
        }

        return styled;
    }

    /// <summary>What the first margin does at 45°, in words; null when there is nothing to say.</summary>
    public static string? Finding(IReadOnlyList<(MarginCurve Curve, int Style)> curves)
    {
        MarginCurve? main = curves.Select(c => c.Curve).FirstOrDefault(c => !IsSoftmax(c));
        if (main is null || At(main, Example) is not { } psi || !double.IsFinite(psi))
        {
            return null;
        }

        string name = CurveLabel.Name(main.Label);
        string[] kin = [.. curves.Select(c => c.Curve.Label).Where(label => CurveLabel.Name(label) == name)];
        name += kin.Length > 1 ? $" with {CurveLabel.Notes(kin)[0].Split(", ")[0]}" : "";
        return psi < -1
            ? $"{name} scores a sample 45° from its prototype below any angle’s cosine"
            : psi > 1
                ? $"{name} scores a sample 45° from its prototype above any angle’s cosine"
                : $"{name} scores a sample 45° from its prototype as if it stood at {Text.Fixed(Apparent(psi), 0)}°";
    }

    /// <summary>Draws the two panels.</summary>
    /// <remarks>From 600 px the labels stand at the curves' ends, below that in rows above; only a standalone file draws the
    /// title.</remarks>
    public static string Render(string id, double width, IReadOnlyList<(MarginCurve Curve, int Style)> curves, string title,
        bool standalone = false)
    {
        string[] notes = CurveLabel.Notes([.. curves.Select(c => c.Curve.Label)]);
        Series[] upper = [.. curves.Select((c, i) => Line(c.Curve, c.Style, notes[i], p => p.Psi))];
        Series[] lower = [.. curves.Select((c, i) => Line(c.Curve, c.Style, notes[i], p => p.Slope))];
        Axis x = Axis.Linear(0, 180, "θ, angle between embedding and own prototype", ValueFormat.Degrees, width < 600 ? 4 : 6);
        Axis psi = PsiAxis(curves);
        Axis slope = SlopeAxis(curves);
        double edge = EdgeLabels.Width(upper);
        bool rows = width < 600 || edge > width * 0.4;
        double head = standalone ? 66 : 0;
        double top = head + (rows ? (upper.Length * Key.Row) + 12 : 0) + 26;
        double left = Math.Max(Frame.Gutter(psi), Frame.Gutter(slope)) + (standalone ? 20 : 4);
        double plot = width - left - (rows ? 18 : edge) - (standalone ? 16 : 0);
        double height = Math.Max(width < 600 ? 250 : 360, rows ? 0 : EdgeLabels.Height(upper));
        var above = new Frame(left, top, plot, height, x, psi);
        var below = new Frame(left, above.Bottom + 46, plot, width < 600 ? 140 : 170, x, slope);
        Frame? others = Others(curves, below);
        var svg = new SvgWriter(id, width, (others ?? below).Bottom + 46, title, Describe(curves), standalone);
        if (standalone)
        {
            svg.Write(20, 32, title, "ti");
            svg.Write(20, 54, "Target logit before the scale against the angle, and the factor by which the margin changes its gradient",
                "su m");
        }

        if (rows)
        {
            Key.Draw(svg, left, head + 4, upper);
        }

        above.Draw(svg, labelX: false);
        below.Draw(svg);
        Panel(svg, above, upper, () => Arrow(svg, above, curves));
        Panel(svg, below, lower, null);
        if (others is not null)
        {
            others.Draw(svg);
            Panel(svg, others, [.. curves.Select((c, i) => Negatives(c.Curve, c.Style, notes[i]))], null);
        }

        if (!rows)
        {
            EdgeLabels.Draw(svg, above, upper);
        }

        return svg.Finish();
    }

    /// <summary>The panel of the other classes, or null when every loss leaves them as they are.</summary>
    private static Frame? Others(IReadOnlyList<(MarginCurve Curve, int Style)> curves, Frame above)
    {
        if (curves.Select(c => c.Curve).FirstOrDefault(c => c.Negatives.Count > 0) is not { } first)
        {
            return null;
        }

        double high = curves.SelectMany(c => c.Curve.Negatives).Select(p => p.Psi).Where(double.IsFinite).Append(1).Max();
        double low = curves.SelectMany(c => c.Curve.Negatives).Select(p => p.Psi).Where(double.IsFinite).Append(-1).Min();
        string title = $"another class’s logit ÷ scale, own angle {Text.Degrees(first.OwnDegrees, 0)}";
        Axis x = Axis.Linear(0, 180, "θⱼ, angle between embedding and another prototype", ValueFormat.Degrees, above.Width < 400 ? 4 : 6);
        return above with
        {
            Top = above.Bottom + 76, Height = 190, X = x, Y = Axis.Linear(low - 0.05, Math.Min(high, 4) + 0.05, title, ticks: 4),
        };
    }

    private static Series Negatives(MarginCurve curve, int style, string note) =>
        Line(curve.Negatives.Count > 0 ? curve with { Points = curve.Negatives } : MarginCurve.Softmax with { Label = curve.Label }, style, note, p => p.Psi);

    private static void Panel(SvgWriter svg, Frame frame, Series[] series, Action? more)
    {
        frame.Open(svg);
        foreach (Series s in Series.Stacked(series))
        {
            s.Draw(svg, frame);
        }

        more?.Invoke();
        frame.Close(svg);
    }

    /// <summary>The margin made visible: from the curve at 45° across to where plain cosine has the same value.</summary>
    private static void Arrow(SvgWriter svg, Frame frame, IReadOnlyList<(MarginCurve Curve, int Style)> curves)
    {
        (MarginCurve? main, int style) = curves.FirstOrDefault(c => !IsSoftmax(c.Curve));
        if (main is null || At(main, Example) is not { } psi || !(Math.Abs(psi) <= 1) || Math.Abs(Apparent(psi) - Example) < 4)
        {
            return;
        }

        (double from, double to, double y) = (frame.PlaceX(Example), frame.PlaceX(Apparent(psi)), frame.PlaceY(psi));
        double head = Math.Sign(to - from) * 6;
        svg.Circle(from, y, 3.6, $"f{style}");
        svg.Path($"M{SvgWriter.N(from)} {SvgWriter.N(y)} {SvgWriter.N(to)} {SvgWriter.N(y)}", $"l s{style}", " style=\"stroke-width:1.4\"");
        string tip = $"M{SvgWriter.N(to - head)} {SvgWriter.N(y - 3.5)} {SvgWriter.N(to)} {SvgWriter.N(y)}";
        svg.Path($"{tip} {SvgWriter.N(to - head)} {SvgWriter.N(y + 3.5)}", $"l s{style}", " style=\"stroke-width:1.4\"");
        svg.Write(Math.Max(from, to) + 8, y - 7, $"45° counts as {Text.Fixed(Apparent(psi), 0)}°", $"h b x{style}");
    }

    private static bool IsSoftmax(MarginCurve curve) => curve.Points.All(p => Math.Abs(p.Psi - Math.Cos(p.Degrees * Math.PI / 180)) < 1e-6);

    private static double Apparent(double psi) => Math.Acos(psi) * 180 / Math.PI;

    private static double? At(MarginCurve curve, double degrees)
    {
        for (int i = 1; i < curve.Points.Count; i++)
        {
            (MarginPoint a, MarginPoint b) = (curve.Points[i - 1], curve.Points[i]);
            if (a.Degrees <= degrees && b.Degrees >= degrees && b.Degrees > a.Degrees)
            {
                return a.Psi + ((b.Psi - a.Psi) * (degrees - a.Degrees) / (b.Degrees - a.Degrees));
            }
        }

        return null;
    }

    private static Series Line(MarginCurve curve, int style, string note, Func<MarginPoint, double> value) =>
        new(CurveLabel.Name(curve.Label), [.. curve.Points.Select(p => (p.Degrees, value(p)))], style, note);

    /// <summary>Down to −3 when most curves stay above −2: SphereFace's −7 would flatten all others.</summary>
    private static Axis PsiAxis(IReadOnlyList<(MarginCurve Curve, int Style)> curves)
    {
        double[] lows = [.. curves.Select(c => c.Curve.Points.Select(p => p.Psi).Where(double.IsFinite).Append(-1).Min()).Order()];
        double low = lows[^1] < -2 || lows[(lows.Length - 1) / 2] < -2 ? lows[0] : Math.Max(lows[0], -3);
        double high = curves.SelectMany(c => c.Curve.Points).Select(p => p.Psi).Where(double.IsFinite).Append(1).Max();
        return Axis.Linear(Math.Max(low, -12) - 0.1, Math.Min(high, 4), "ψ(θ), target logit ÷ scale", ticks: 5);
    }

    /// <summary>Up to the 95th percentile and at most 5: sin(θ+m) ∕ sin θ has a pole at 0 that would flatten all else.</summary>
    private static Axis SlopeAxis(IReadOnlyList<(MarginCurve Curve, int Style)> curves)
    {
        double high = 1.5;
        double low = 0;
        foreach ((MarginCurve curve, _) in curves)
        {
            double[] values = [.. curve.Points.Where(p => p.Degrees is > 4 and < 176).Select(p => p.Slope).Where(double.IsFinite).Order()];
            if (values.Length > 0)
            {
                high = Math.Max(high, values[(int)(0.95 * (values.Length - 1))] * 1.05);
                low = Math.Min(low, values[(int)(0.03 * (values.Length - 1))]);
            }
        }

        return Axis.Linear(Math.Max(low, -1), Math.Min(high, 5), "gradient factor dψ ∕ dcos θ", ticks: 4);
    }

    private static string Describe(IReadOnlyList<(MarginCurve Curve, int Style)> curves) =>
        "Line chart, x: angle to the own prototype from 0 to 180 degrees; upper panel: target logit, lower panel: gradient factor. "
        + string.Join("; ", curves.Select(c => $"{c.Curve.Label}: {Describe(c.Curve)}")) + "."
        + string.Concat(curves.Where(c => c.Curve.Negatives.Count > 0).Select(c =>
            $" Third panel, {c.Curve.Label}: another class at its angle counts as {Describe(c.Curve with { Points = c.Curve.Negatives })}."));

    private static string Describe(MarginCurve curve) =>
        string.Join(", ", new[] { 0.0, 45, 90, 180 }.Select(d => (Degrees: d, Psi: At(curve, d) ?? double.NaN))
            .Where(p => double.IsFinite(p.Psi))
            .Select(p => $"{Text.Fixed(p.Psi, 2)} at {Text.Fixed(p.Degrees, 0)}°"));
}
