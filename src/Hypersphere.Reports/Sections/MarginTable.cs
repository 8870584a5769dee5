using System.Text;

namespace Hypersphere.Reports.Sections;

/// <summary>Margin curves as numbers, every 15 degrees.</summary>
internal static class MarginTable
{
    private const int Step = 15;

    public static string Render(IReadOnlyList<(MarginCurve Curve, int Style)> curves)
    {
        var html = new StringBuilder("<section><h2>The same in numbers</h2><div class=\"scroll\"><table><thead><tr>");
        html.Append("<th scope=\"col\">θ</th>");
        foreach ((MarginCurve curve, int style) in curves)
        {
            html.Append($"<th scope=\"col\" class=\"n\">{Key.Swatch(style)}{Text.Escape(curve.Label)}</th>");
        }

        html.Append("</tr></thead><tbody>");
        for (int degrees = 0; degrees <= 180; degrees += Step)
        {
            html.Append($"<tr><th scope=\"row\">{degrees}°</th>");
            foreach ((MarginCurve curve, _) in curves)
            {
                MarginPoint p = curve.Points.MinBy(q => Math.Abs(q.Degrees - degrees));
                html.Append($"<td class=\"n\">{Show(p.Psi, 3)} <span class=\"v\">× {Show(p.Slope, 2)}</span></td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table></div><p class=\"note\">ψ(θ) × gradient factor.</p></section>").ToString();
    }

    private static string Show(double value, int decimals) =>
        double.IsFinite(value) ? Text.Fixed(value, decimals) : double.IsNaN(value) ? "–" : "∞";
}
