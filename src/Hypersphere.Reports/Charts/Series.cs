namespace Hypersphere.Reports.Charts;

/// <summary>One curve of a chart.</summary>
/// <param name="Name">Its direct label.</param>
/// <param name="Points">In drawing order; values that are not finite leave a gap.</param>
/// <param name="Style">Index into <see cref="Palette"/>.</param>
/// <param name="Note">A quieter second part of the label.</param>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points, int Style, string Note = "")
{
    /// <summary>The last point that can be drawn, if any.</summary>
    public (double X, double Y)? End
    {
        get
        {
            for (int i = Points.Count - 1; i >= 0; i--)
            {
                if (double.IsFinite(Points[i].X) && double.IsFinite(Points[i].Y))
                {
                    return Points[i];
                }
            }

            return null;
        }
    }

    /// <summary>Solid curves below dashed ones and the baseline on top, so that curves that coincide are all seen.</summary>
    public static IEnumerable<Series> Stacked(IEnumerable<Series> series) => series.OrderBy(s => s.Style == 0 ? 2 : s.Style == 1 ? 0 : 1);

    public void Draw(SvgWriter svg, Frame frame, bool thin = false)
    {
        string data = Polyline.Data(frame, Points);
        if (data.Length > 0)
        {
            string name = thin ? "" : $" data-n=\"{Text.Escape(Name)}\"";
            svg.Path(data, thin ? $"l thin s{Style}" : $"l s{Style} d{Style}", name);
        }
    }
}
