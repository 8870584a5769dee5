using System.Text;

namespace Hypersphere.Reports.Charts;

/// <summary>Genuine and impostor angles of every fold in small panels on common axes, each with its threshold.</summary>
internal static class FoldFigure
{
    private const int Columns = 5, Genuine = 3, Impostor = 2, Bins = 45;
    private const double PanelWidth = 176, PanelHeight = 76, Gap = 14, Head = 30, Foot = 26, Left = 8;

    public static string Render(string id, string title, IReadOnlyList<FoldAngles> folds, (double Low, double High) range)
    {
        (double low, double high) = (Math.Floor(range.Low / 30) * 30, Math.Ceiling(range.High / 30) * 30);
        double[][] genuine = [.. folds.Select(f => Shares(f.Angles.Genuine))], impostor = [.. folds.Select(f => Shares(f.Angles.Impostor))];
        double peak = genuine.Concat(impostor).Max(s => s.Max());
        int rows = (folds.Count + Columns - 1) / Columns;
        double width = (2 * Left) + (Columns * PanelWidth) + ((Columns - 1) * Gap);
        var svg = new SvgWriter(id, width, rows * (Head + PanelHeight + Foot), title, $"Histograms of the angles of {folds.Count} folds; {Summary(folds)}.");
        for (int i = 0; i < folds.Count; i++)
        {
            double x = Left + (i % Columns * (PanelWidth + Gap)), bottom = ((i / Columns) * (Head + PanelHeight + Foot)) + Head + PanelHeight;
            double Place(double degrees) => x + (PanelWidth * Math.Clamp((degrees - low) / (high - low), 0, 1));
            svg.Write(x, bottom - PanelHeight - 12, $"fold {i + 1}", "b");
            svg.Write(x + PanelWidth, bottom - PanelHeight - 12, Text.Percent(folds[i].Accuracy), "m", Anchor.End);
            Area(svg, impostor[i], Impostor, Place, bottom, PanelHeight / peak);
            Area(svg, genuine[i], Genuine, Place, bottom, PanelHeight / peak);
            svg.Line(x, bottom, x + PanelWidth, bottom, "ax");
            for (double tick = low; tick <= high; tick += 30)
            {
                svg.Write(Place(tick), bottom + 14, Text.Degrees(tick, 0), "m", tick == low ? Anchor.Start : tick == high ? Anchor.End : Anchor.Middle);
            }

            if (double.IsFinite(folds[i].Angles.ThresholdDegrees))
            {
                double at = Place(folds[i].Angles.ThresholdDegrees);
                svg.Line(at, bottom - PanelHeight - 4, at, bottom, "ref");
            }
        }

        return svg.Finish();
    }

    /// <summary>How far the folds lie apart, in words.</summary>
    public static string Summary(IReadOnlyList<FoldAngles> folds)
    {
        double[] thresholds = [.. folds.Select(f => f.Angles.ThresholdDegrees).Where(double.IsFinite)];
        string at = thresholds.Length == 0 ? "" : $", thresholds from {Text.Degrees(thresholds.Min())} to {Text.Degrees(thresholds.Max())}";
        return $"{Text.Percent(folds.Min(f => f.Accuracy))} to {Text.Percent(folds.Max(f => f.Accuracy))} right{at}";
    }

    private static void Area(SvgWriter svg, double[] shares, int style, Func<double, double> place, double bottom, double scale)
    {
        StringBuilder data = new();
        data.Append('M').Append(SvgWriter.N(place(0))).Append(' ').Append(SvgWriter.N(bottom));
        for (int i = 0; i < shares.Length; i++)
        {
            data.Append('V').Append(SvgWriter.N(bottom - (shares[i] * scale))).Append('H').Append(SvgWriter.N(place((i + 1) * 180.0 / shares.Length)));
        }

        data.Append('V').Append(SvgWriter.N(bottom));
        svg.Path(data + "Z", $"f{style}", " fill-opacity=\".28\"");
        svg.Path(data.ToString(), $"l s{style}", " style=\"stroke-width:1.2\"" + (style == Impostor ? " stroke-dasharray=\"4 2\"" : ""));
    }

    /// <summary>Shares of the pairs in bins of 4°, wide enough for the few hundred pairs of a fold.</summary>
    private static double[] Shares(IReadOnlyList<long> counts)
    {
        double[] shares = new double[Bins];
        double total = Math.Max(counts.Sum(), 1);
        for (int i = 0; i < counts.Count; i++)
        {
            shares[i * Bins / counts.Count] += counts[i] / total;
        }

        return shares;
    }
}
