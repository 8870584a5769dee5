using System.Globalization;

namespace Hypersphere.Reports.Charts;

/// <summary>Two prototypes on the circle and the arcs in which a sample satisfies the margin of the one or of the other.</summary>
/// <remarks>Class 1 has the angles where ψ(θ₁) > cos θ₂. By symmetry class 2 has the mirror image, so two reaches tell all: towards the
/// other prototype and away from it.</remarks>
internal static class BoundaryFigure
{
    private const double Width = 176, Height = 168, CentreX = 88, CentreY = 92, Radius = 58;

    /// <summary>How far the own region reaches from its prototype, degrees: towards the other prototype and away from it.</summary>
    public static (double Towards, double Away) Reach(IReadOnlyList<MarginPoint> psi, double between)
    {
        double back = 180 - (between / 2);
        return (First(psi, t => between - t, between), First(psi, t => Math.Min(between + t, 360 - between - t), back));
    }

    public static string Render(string id, string title, IReadOnlyList<MarginPoint> psi, double between)
    {
        (double towards, double away) = Reach(psi, between);
        string gap = Text.Degrees(Math.Max(0, between - (2 * towards)));
        var svg = new SvgWriter(id, Width, Height, title,
            $"Circle with two prototypes {Text.Degrees(between, 0)} apart; between their regions lies a gap of {gap}.");
        svg.Circle(CentreX, CentreY, Radius, "ref", " fill=\"none\"");
        for (int side = -1; side <= 1; side += 2)
        {
            int style = side < 0 ? 1 : 2;
            string which = $" data-side=\"{side.ToString(CultureInfo.InvariantCulture)}\"";
            svg.Path(Sector(side, between, towards, away), $"f{style} wedge", which);
            svg.Path(Arc(side, between, towards, away), $"l s{style} arc", which);
            (double x, double y) = Polar(side * between / 2, Radius - 1);
            svg.Raw($"<g{which}>");
            svg.Line(CentreX, CentreY, x, y, $"ray s{style}");
            svg.Circle(x, y, 4, $"f{style}");
            svg.EndGroup();
        }

        svg.Circle(CentreX, CentreY, 2.2, "ink");
        svg.Raw($"<text x=\"{SvgWriter.N(CentreX)}\" y=\"18\" class=\"b gap\" text-anchor=\"middle\">gap {Text.Escape(gap)}</text>");
        return svg.Finish();
    }

    private static double First(IReadOnlyList<MarginPoint> psi, Func<double, double> other, double end)
    {
        const double Step = 0.25;
        double before = double.NaN;
        for (double t = 0; t <= end + 1e-9; t += Step)
        {
            double lead = At(psi, t) - Math.Cos(other(t) * Math.PI / 180);
            if (lead <= 1e-9)
            {
                return t == 0 ? 0 : t - (Step * -lead / (before - lead));
            }

            before = lead;
        }

        return end;
    }

    private static double At(IReadOnlyList<MarginPoint> psi, double degrees)
    {
        double place = degrees / 180 * (psi.Count - 1);
        int i = Math.Clamp((int)place, 0, psi.Count - 2);
        return psi[i].Psi + ((psi[i + 1].Psi - psi[i].Psi) * (place - i));
    }

    private static string Arc(int side, double between, double towards, double away)
    {
        (double x1, double y1) = Polar(side * ((between / 2) - towards), Radius);
        (double x2, double y2) = Polar(side * ((between / 2) + away), Radius);
        string flags = $"{(towards + away > 180 ? 1 : 0)} {(side > 0 ? 1 : 0)}";
        string radius = SvgWriter.N(Radius);
        return $"M{SvgWriter.N(x1)} {SvgWriter.N(y1)}A{radius} {radius} 0 {flags} {SvgWriter.N(x2)} {SvgWriter.N(y2)}";
    }

    private static string Sector(int side, double between, double towards, double away) =>
        Arc(side, between, towards, away) + $"L{SvgWriter.N(CentreX)} {SvgWriter.N(CentreY)}Z";

    /// <summary>0° is up, angles grow clockwise.</summary>
    private static (double X, double Y) Polar(double degrees, double radius) =>
        (CentreX + (radius * Math.Sin(degrees * Math.PI / 180)), CentreY - (radius * Math.Cos(degrees * Math.PI / 180)));
}
