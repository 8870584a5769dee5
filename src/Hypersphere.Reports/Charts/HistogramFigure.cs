using System.Text;

namespace Hypersphere.Reports.Charts;

/// <summary>Genuine and impostor angles of one run over each other, with the threshold of the equal error rate.</summary>
internal static class HistogramFigure
{
    private const int Genuine = 3;
    private const int Impostor = 2;

    /// <summary>Share of pairs in the fullest bin, per degree: what runs drawn side by side must agree on.</summary>
    public static double Peak(PairAngles angles) =>
        Math.Max(Density(angles.Genuine).DefaultIfEmpty(0).Max(), Density(angles.Impostor).DefaultIfEmpty(0).Max());

    /// <summary>The range of angles that holds any pair.</summary>
    public static (double Low, double High) Range(PairAngles angles)
    {
        int bins = Math.Max(angles.Genuine.Count, angles.Impostor.Count);
        int[] used = [.. Enumerable.Range(0, bins).Where(i => At(angles.Genuine, i) + At(angles.Impostor, i) > 0)];
        return used.Length == 0 ? (0, 180) : (used[0] * 180.0 / bins, (used[^1] + 1) * 180.0 / bins);
    }

    public static string Render(string id, string title, PairAngles angles, double peak, (double Low, double High) range)
    {
        Axis x = Axis.Linear(Math.Floor(range.Low / 15) * 15, Math.Ceiling(range.High / 15) * 15,
            "angle between the two embeddings of a pair", ValueFormat.Degrees, 6);
        Axis y = Axis.Linear(0, peak * 1.28, "share of pairs per degree", ValueFormat.Percent, 4);
        double left = Frame.Gutter(y) + 2;
        var frame = new Frame(left, 56, 440 - left - 18, 210, x, y, TitleGap: 40);
        var svg = new SvgWriter(id, 440, frame.Bottom + 44, title, Describe(angles));
        frame.Draw(svg);
        double[] genuine = Density(angles.Genuine);
        double[] impostor = Density(angles.Impostor);
        Area(svg, frame, impostor, Impostor);
        Area(svg, frame, genuine, Genuine);
        Name(svg, frame, genuine, Genuine, "genuine");
        Name(svg, frame, impostor, Impostor, "impostor");
        Threshold(svg, frame, angles);
        return svg.Finish();
    }

    private static void Threshold(SvgWriter svg, Frame frame, PairAngles angles)
    {
        if (!double.IsFinite(angles.ThresholdDegrees) || !double.IsFinite(angles.Eer))
        {
            return;
        }

        double at = frame.PlaceX(angles.ThresholdDegrees);
        if (at < frame.Left || at > frame.Right)
        {
            return;
        }

        svg.Line(at, frame.Top - 8, at, frame.Bottom, "ref");
        string text = $"EER {Text.Percent(angles.Eer)} at {Text.Degrees(angles.ThresholdDegrees)}";
        double half = Text.Width(text, Text.Bold) / 2;
        svg.Write(Math.Clamp(at, frame.Left + half, frame.Right - half), frame.Top - 15, text, "b", Anchor.Middle);
    }

    private static void Area(SvgWriter svg, Frame frame, double[] density, int style)
    {
        var data = new StringBuilder();
        double bin = 180.0 / density.Length;
        data.Append('M').Append(SvgWriter.N(frame.PlaceX(0))).Append(' ').Append(SvgWriter.N(frame.Bottom));
        for (int i = 0; i < density.Length; i++)
        {
            data.Append('V').Append(SvgWriter.N(frame.PlaceY(density[i]))).Append('H').Append(SvgWriter.N(frame.PlaceX((i + 1) * bin)));
        }

        data.Append('V').Append(SvgWriter.N(frame.Bottom));
        svg.Clip(frame.Left, frame.Top, frame.Width, frame.Height);
        svg.Path(data + "Z", $"f{style}", " fill-opacity=\".28\"");
        svg.Path(data.ToString(), $"l s{style}", " style=\"stroke-width:1.6\"" + (style == Impostor ? " stroke-dasharray=\"5 3\"" : ""));
        svg.EndGroup();
    }

    private static void Name(SvgWriter svg, Frame frame, double[] density, int style, string name)
    {
        double total = density.Sum();
        if (total <= 0)
        {
            return;
        }

        double bin = 180.0 / density.Length;
        double mean = density.Select((d, i) => d * (i + 0.5) * bin).Sum() / total;
        int peak = Array.IndexOf(density, density.Max());
        double half = Text.Width(name, Text.Bold) / 2;
        double x = Math.Clamp(frame.PlaceX((peak + 0.5) * bin), frame.Left + half + 2, frame.Right - half - 2);
        double y = Math.Max(frame.PlaceY(density[peak]) - 20, frame.Top + 10);
        svg.Write(x, y, name, $"h b x{style}", Anchor.Middle);
        svg.Write(x, y + 14, $"mean {Text.Degrees(mean, 0)}", "h m", Anchor.Middle);
    }

    /// <summary>Bins of about 2° for few pairs, 1° for many: no finer than the counts bear.</summary>
    private static IReadOnlyList<long> Coarse(IReadOnlyList<long> counts) =>
        counts.Count % 2 == 0 && counts.Count > 90 && counts.Sum() < 20_000 ? [.. counts.Chunk(2).Select(pair => pair[0] + pair[1])]
            : counts;

    private static double[] Density(IReadOnlyList<long> counts)
    {
        counts = Coarse(counts);
        double total = counts.Sum();
        double bin = 180.0 / Math.Max(counts.Count, 1);
        return [.. counts.Select(c => total > 0 ? c / total / bin : 0)];
    }

    private static long At(IReadOnlyList<long> counts, int i) => i < counts.Count ? counts[i] : 0;

    public static string Pairs(PairAngles angles) =>
        $"{Text.Fixed(angles.Genuine.Sum(), 0)} genuine and {Text.Fixed(angles.Impostor.Sum(), 0)} impostor pairs";

    private static string Describe(PairAngles angles) =>
        $"Two histograms over the angle: {Pairs(angles)}. "
        + (double.IsFinite(angles.Eer) ? $"They cross at the equal error rate of {Text.Percent(angles.Eer)}."
            : "The equal error rate is not known.");
}
