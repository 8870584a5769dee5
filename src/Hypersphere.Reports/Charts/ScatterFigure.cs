namespace Hypersphere.Reports.Charts;

/// <summary>The embedding on its principal plane: points by class, names at the class means, prototypes as crosses.</summary>
internal static class ScatterFigure
{
    private const double Size = 440;

    /// <summary>Half the side of the square that holds every point.</summary>
    public static double Extent(EmbeddingPlot plot) => Math.Max(Range(plot, p => p.X).Half, Range(plot, p => p.Y).Half);

    public static string Render(string id, string title, EmbeddingPlot plot, double extent)
    {
        var marks = new ClassMarks(plot);
        Axis x = Centred(Range(plot, p => p.X).Centre, extent, "first principal component" + Share(plot.Variance.First));
        Axis y = Centred(Range(plot, p => p.Y).Centre, extent, "second principal component" + Share(plot.Variance.Second));
        double left = Frame.Gutter(y) + 2;
        double side = Size - left - 8;
        var frame = new Frame(left, 30, side, side, x, y);
        var svg = new SvgWriter(id, Size, frame.Bottom + 44, title, Describe(plot, marks));
        frame.Draw(svg);
        foreach (double tick in x.Ticks)
        {
            svg.Line(frame.PlaceX(tick), frame.Top, frame.PlaceX(tick), frame.Bottom, "g");
        }

        marks.Draw(svg, (p, _) => (frame.PlaceX(p.X), frame.PlaceY(p.Y)));
        foreach (EmbeddingPoint p in plot.Prototypes.Where(p => marks.IsNamed(p.Label) && double.IsFinite(p.X) && double.IsFinite(p.Y)))
        {
            string at = $"M{SvgWriter.N(frame.PlaceX(p.X) - 5)} {SvgWriter.N(frame.PlaceY(p.Y) - 5)}";
            svg.Path($"{at}l10 10m-10 0l10-10", "halo");
            svg.Path($"{at}l10 10m-10 0l10-10", $"cross s{marks.Style(p.Label)}");
        }

        Names(svg, frame, plot, marks);
        return svg.Finish();
    }

    private static Axis Centred(double centre, double half, string title) =>
        Axis.Linear(centre - (half * 1.06), centre + (half * 1.06), title);

    private static (double Centre, double Half) Range(EmbeddingPlot plot, Func<EmbeddingPoint, double> value)
    {
        double[] values = [.. plot.Points.Concat(plot.Prototypes).Select(value).Where(double.IsFinite)];
        return values.Length == 0 ? (0, 1) : ((values.Max() + values.Min()) / 2, Math.Max((values.Max() - values.Min()) / 2, 1e-9));
    }

    private static void Names(SvgWriter svg, Frame frame, EmbeddingPlot plot, ClassMarks marks)
    {
        int[] named = [.. marks.Named];
        var boxes = new LabelNudge.Box[named.Length];
        for (int i = 0; i < named.Length; i++)
        {
            EmbeddingPoint[] own = [.. plot.Points.Where(p => p.Label == named[i] && double.IsFinite(p.X) && double.IsFinite(p.Y))];
            boxes[i] = new LabelNudge.Box(
                frame.PlaceX(own.Average(p => p.X)), frame.PlaceY(own.Average(p => p.Y)) - 12,
                Text.Width(marks.Name(named[i]), Text.Bold) + 6, 17);
        }

        LabelNudge.Apart(boxes, (frame.Left + 2, frame.Top + 2, frame.Right - 2, frame.Bottom - 2));
        for (int i = 0; i < named.Length; i++)
        {
            svg.Write(boxes[i].X, boxes[i].Y + 4.5, marks.Name(named[i]), $"h b x{marks.Style(named[i])}", Anchor.Middle);
        }
    }

    private static string Share(double variance) => double.IsFinite(variance) ? $", {Text.Percent(variance, 0)} of the variance" : "";

    private static string Describe(EmbeddingPlot plot, ClassMarks marks) =>
        $"Scatter plot of {marks.Points.Count} embeddings of dimension {plot.Dimension} on two principal components, by class: "
        + string.Join(", ", marks.Named.Select(marks.Name)) + ".";
}
