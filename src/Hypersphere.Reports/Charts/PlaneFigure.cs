using System.Globalization;
using System.Text;

namespace Hypersphere.Reports.Charts;

/// <summary>A heat map over (s_n, s_p) with contour lines at the ticks of its colour scale.</summary>
internal static class PlaneFigure
{
    private const double Width = 440, Side = 310, BarGap = 26, BarWidth = 14;
    private const int Shades = 24;

    /// <remarks>The scale is that of pull and push together and ends at the 98th percentile: a pole would leave all else white.</remarks>
    public static string Render(string id, string title, string quantity, SimilarityPlane plane, double[,] values, int style)
    {
        double[] sorted = [.. plane.Positive.Cast<double>().Concat(plane.Negative.Cast<double>()).Where(double.IsFinite).Order()];
        double most = sorted.Length == 0 ? 0 : sorted[(int)(0.98 * (sorted.Length - 1))];
        Axis scale = most > 0 ? Axis.Linear(0, most * 1.0001, "", ticks: 5) : new Axis(AxisKind.Linear, 0, 1, "", ValueFormat.Number, [0]);
        Axis x = Axis.Linear(-1, 1, "s_n, similarity to the negative", ticks: 4), y = Axis.Linear(-1, 1, "s_p, similarity to the positive", ticks: 4);
        var frame = new Frame(44, 28, Side, Side, x, y);
        var svg = new SvgWriter(id, Width, frame.Bottom + 42, title, Describe(quantity, plane, values));
        frame.Draw(svg);
        svg.Raw("<g shape-rendering=\"crispEdges\">");
        Heat(svg, frame, values, scale, style);
        svg.EndGroup();
        svg.Path(Contours(frame, plane, values, [.. scale.Ticks.Where(t => t > 0 && t < 0.99 * most)]), "contour");
        svg.Path($"M{SvgWriter.N(frame.Left)} {SvgWriter.N(frame.Top)}h{SvgWriter.N(Side)}v{SvgWriter.N(Side)}h-{SvgWriter.N(Side)}Z", "ax");
        Bar(svg, frame, scale, style);
        return svg.Finish();
    }

    private static int Shade(double value, Axis scale) =>
        double.IsFinite(value) ? Math.Clamp((int)Math.Ceiling(Shades * scale.Unit(value)), 0, Shades) : Shades;

    private static string Opacity(int shade) =>
        $" fill-opacity=\"{(0.92 * shade / Shades).ToString("0.###", CultureInfo.InvariantCulture)}\"";

    /// <summary>A path a shade, of the runs of cells that have it.</summary>
    private static void Heat(SvgWriter svg, Frame frame, double[,] values, Axis scale, int style)
    {
        int cells = values.GetLength(0);
        double size = Side / cells;
        var paths = new StringBuilder[Shades + 1];
        for (int row = 0; row < cells; row++)
        {
            for (int from = 0, to; from < cells; from = to)
            {
                int shade = Shade(values[row, from], scale);
                to = from + 1;
                while (to < cells && Shade(values[row, to], scale) == shade)
                {
                    to++;
                }

                (paths[shade] ??= new()).Append(CultureInfo.InvariantCulture,
                    $"M{SvgWriter.N(frame.Left + (from * size))} {SvgWriter.N(frame.Bottom - ((row + 1) * size))}h{SvgWriter.N((to - from) * size)}")
                    .Append(CultureInfo.InvariantCulture, $"v{SvgWriter.N(size)}h-{SvgWriter.N((to - from) * size)}Z");
            }
        }

        for (int shade = 1; shade <= Shades; shade++)
        {
            if (paths[shade] is { } path)
            {
                svg.Path(path.ToString(), $"f{style}", Opacity(shade));
            }
        }
    }

    /// <summary>Marching squares between the middles of the cells.</summary>
    private static string Contours(Frame frame, SimilarityPlane plane, double[,] values, double[] levels)
    {
        var path = new StringBuilder();
        foreach (double level in levels)
        {
            for (int row = 0; row + 1 < plane.Cells; row++)
            {
                for (int column = 0; column + 1 < plane.Cells; column++)
                {
                    Square(path, frame, plane, values, level, row, column);
                }
            }
        }

        return path.ToString();
    }

    private static void Square(StringBuilder path, Frame frame, SimilarityPlane plane, double[,] values, double level, int row, int column)
    {
        Span<(int Row, int Column)> corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)];
        int points = 0;
        for (int k = 0; k < 4; k++)
        {
            ((int r0, int c0), (int r1, int c1)) = (corners[k], corners[(k + 1) % 4]);
            (double a, double b) = (values[r0, c0] - level, values[r1, c1] - level);
            if (a < 0 != b < 0 && double.IsFinite(a) && double.IsFinite(b))
            {
                double share = a / (a - b);
                double x = frame.PlaceX(plane.Similarity(c0) + (share * (plane.Similarity(c1) - plane.Similarity(c0))));
                double y = frame.PlaceY(plane.Similarity(r0) + (share * (plane.Similarity(r1) - plane.Similarity(r0))));
                path.Append(points++ % 2 == 0 ? 'M' : ' ').Append(SvgWriter.N(x)).Append(' ').Append(SvgWriter.N(y));
            }
        }
    }

    private static void Bar(SvgWriter svg, Frame frame, Axis scale, int style)
    {
        double left = frame.Right + BarGap, step = Side / Shades;
        for (int shade = 1; shade <= Shades; shade++)
        {
            svg.Rect(left, frame.Bottom - (shade * step), BarWidth, step, $"f{style}", Opacity(shade));
        }

        foreach (double tick in scale.Ticks)
        {
            double y = frame.Bottom - (scale.Unit(tick) * Side);
            svg.Line(left, y, left + BarWidth + 4, y, "ax");
            svg.Write(left + BarWidth + 7, y + 4, scale.Label(tick), "m");
        }
    }

    private static string Describe(string quantity, SimilarityPlane plane, double[,] values)
    {
        string At(double sp, double sn) => Text.Short(values[Cell(plane, sp), Cell(plane, sn)]);
        string most = Text.Short(values.Cast<double>().Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max());
        return $"Heat map of {quantity} of {plane.Label} over s_n and s_p from −1 to 1. At s_p 0.2, s_n 0.8: {At(0.2, 0.8)}; at 0.5, 0.5: "
            + $"{At(0.5, 0.5)}; at 0.8, 0.2: {At(0.8, 0.2)}; greatest: {most}.";
    }

    private static int Cell(SimilarityPlane plane, double similarity) => (int)((similarity + 1) / 2 * plane.Cells);
}
