using System.Text;

namespace Hypersphere.Reports.Charts;

/// <summary>A two-dimensional embedding on its circle, as in the toy figures of the papers.</summary>
/// <remarks>Samples form a band inside the circle, how many there are at each angle stands outside of it, prototypes are rays.</remarks>
internal static class CircleFigure
{
    private const double Size = 440;
    private const double Radius = 125;
    private const double Band = 13;
    private const double Ridge = 39;
    private const int Bins = 360;
    private const double Sigma = 1.6;

    /// <summary>The highest density of any class, in samples per degree as a share of all samples: common to runs side by side.</summary>
    public static double Peak(EmbeddingPlot plot)
    {
        var marks = new ClassMarks(plot);
        return marks.Named.SelectMany(label => Density(plot, label)).DefaultIfEmpty(0).Max();
    }

    /// <summary>Mean angle of the samples to their class's mean direction, degrees; NaN without samples.</summary>
    public static double Tightness(EmbeddingPlot plot)
    {
        double[] angles = [.. plot.Points.Where(Usable).GroupBy(p => p.Label)
            .SelectMany(g => g.Select(p => Apart(Angle(p), Direction(g))))];
        return angles.Length == 0 ? double.NaN : angles.Average() * 180 / Math.PI;
    }

    public static string Render(string id, string title, EmbeddingPlot plot, double peak)
    {
        var marks = new ClassMarks(plot);
        var svg = new SvgWriter(id, Size, Size - 30, title, Describe(plot, marks));
        foreach (int label in marks.Named)
        {
            Mountain(svg, Density(plot, label), peak, marks.Style(label));
        }

        svg.Circle(Centre.X, Centre.Y, Radius, "ax", " fill=\"none\"");
        marks.Draw(svg, (p, i) => Polar(Angle(p), Radius - 2 - (Band * Fraction(i * 0.6180339887498949))));
        IEnumerable<EmbeddingPoint> rays = plot.Prototypes.Where(p => Usable(p) && marks.IsNamed(p.Label));
        foreach (EmbeddingPoint p in rays)
        {
            (double x, double y) = Polar(Angle(p), Radius - Band - 4);
            svg.Line(Centre.X, Centre.Y, x, y, $"ray s{marks.Style(p.Label)}");
            svg.Circle(x, y, 2.6, $"f{marks.Style(p.Label)}");
        }

        svg.Circle(Centre.X, Centre.Y, 2.2, "ink");
        Names(svg, plot, marks, peak);
        return svg.Finish();
    }

    private static (double X, double Y) Centre => (Size / 2, (Size - 30) / 2);

    private static void Mountain(SvgWriter svg, double[] density, double peak, int style)
    {
        if (!(peak > 0))
        {
            return;
        }

        var shape = new StringBuilder();
        for (int i = 0; i < Bins; i++)
        {
            double from = Ridge * density[i] / peak;
            double to = Ridge * density[(i + 1) % Bins] / peak;
            if (Math.Max(from, to) > 0.15)
            {
                Append(shape.Append('M'), Polar((i + 0.5) * Math.Tau / Bins, Radius));
                Append(shape, Polar((i + 0.5) * Math.Tau / Bins, Radius + from));
                Append(shape, Polar((i + 1.5) * Math.Tau / Bins, Radius + to));
                Append(shape, Polar((i + 1.5) * Math.Tau / Bins, Radius));
            }
        }

        svg.Path(shape.ToString(), $"f{style}", " fill-opacity=\".3\"");
        svg.Path(Ridgeline(density, peak), $"l s{style}", " style=\"stroke-width:1.3\"");
    }

    private static string Ridgeline(double[] density, double peak)
    {
        var line = new StringBuilder();
        bool pen = false;
        for (int i = 0; i <= Bins + 1; i++)
        {
            double height = Ridge * density[i % Bins] / peak;
            bool drawn = height > 0.15;
            if (drawn && i <= Bins)
            {
                Append(line.Append(pen ? ' ' : 'M'), Polar((i + 0.5) * Math.Tau / Bins, Radius + height));
            }

            pen = drawn;
        }

        return line.ToString();
    }

    private static void Append(StringBuilder path, (double X, double Y) at) =>
        path.Append(SvgWriter.N(at.X)).Append(' ').Append(SvgWriter.N(at.Y)).Append(' ');

    private static void Names(SvgWriter svg, EmbeddingPlot plot, ClassMarks marks, double peak)
    {
        int[] named = [.. marks.Named];
        var boxes = new LabelNudge.Box[named.Length];
        var ends = new (double X, double Y)[named.Length];
        for (int i = 0; i < named.Length; i++)
        {
            double angle = Direction(plot.Points.Where(p => p.Label == named[i]));
            double height = peak > 0 ? Ridge * Density(plot, named[i])[Bin(angle)] / peak : 0;
            double width = Text.Width(marks.Name(named[i]), Text.Bold) + 6;
            ends[i] = Polar(angle, Radius + height + 3);
            (double x, double y) = Polar(angle, Radius + height + 13);
            boxes[i] = new LabelNudge.Box(x + (Math.Cos(angle) * width / 2), y, width, 16);
        }

        LabelNudge.Apart(boxes, (2, 2, Size - 2, Size - 32));
        for (int i = 0; i < named.Length; i++)
        {
            LabelNudge.Box b = boxes[i];
            double x = Math.Clamp(ends[i].X, b.X - (b.Width / 2), b.X + (b.Width / 2));
            double y = Math.Clamp(ends[i].Y, b.Y - 6, b.Y + 6);
            if (Math.Abs(x - ends[i].X) + Math.Abs(y - ends[i].Y) > 16)
            {
                svg.Line(ends[i].X, ends[i].Y, x, y, $"lead s{marks.Style(named[i])}");
            }

            svg.Write(b.X, b.Y + 4.5, marks.Name(named[i]), $"h b x{marks.Style(named[i])}", Anchor.Middle);
        }
    }

    private static double[] Density(EmbeddingPlot plot, int label)
    {
        double[] counts = new double[Bins];
        int all = 0;
        foreach (EmbeddingPoint p in plot.Points.Where(Usable))
        {
            all++;
            counts[Bin(Angle(p))] += p.Label == label ? 1 : 0;
        }

        double[] smooth = new double[Bins];
        const int Reach = 6;
        double norm = Enumerable.Range(-Reach, (2 * Reach) + 1).Sum(k => Math.Exp(-k * k / (2 * Sigma * Sigma)));
        for (int i = 0; i < Bins; i++)
        {
            for (int k = -Reach; k <= Reach; k++)
            {
                smooth[i] += counts[(i + k + Bins) % Bins] * Math.Exp(-k * k / (2 * Sigma * Sigma)) / norm / Math.Max(all, 1);
            }
        }

        return smooth;
    }

    private static (double X, double Y) Polar(double angle, double radius) =>
        (Centre.X + (radius * Math.Cos(angle)), Centre.Y - (radius * Math.Sin(angle)));

    private static bool Usable(EmbeddingPoint p) => double.IsFinite(p.X) && double.IsFinite(p.Y) && (p.X != 0 || p.Y != 0);

    private static double Angle(EmbeddingPoint p) => Math.Atan2(p.Y, p.X);

    private static double Direction(IEnumerable<EmbeddingPoint> points)
    {
        (double x, double y) = (0, 0);
        foreach (EmbeddingPoint p in points.Where(Usable))
        {
            (x, y) = (x + Math.Cos(Angle(p)), y + Math.Sin(Angle(p)));
        }

        return Math.Atan2(y, x);
    }

    private static double Apart(double a, double b) => Math.Abs(Math.IEEERemainder(a - b, Math.Tau));

    private static double Fraction(double v) => v - Math.Floor(v);

    private static int Bin(double angle) => (int)(Fraction(angle / Math.Tau) * Bins) % Bins;

    private static string Describe(EmbeddingPlot plot, ClassMarks marks) =>
        $"Unit circle with {marks.Points.Count} two-dimensional embeddings by class ({string.Join(", ", marks.Named.Select(marks.Name))}), "
        + $"prototypes as rays. Mean angle to the class mean: {Text.Degrees(Tightness(plot))}.";
}
