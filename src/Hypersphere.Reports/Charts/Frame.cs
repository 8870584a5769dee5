using System.Globalization;

namespace Hypersphere.Reports.Charts;

/// <summary>The rectangle of a plot with its two axes: maps values to places and draws grid, ticks and titles.</summary>
internal sealed record Frame(double Left, double Top, double Width, double Height, Axis X, Axis Y, double TitleGap = 10)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;

    /// <summary>Room that the tick labels of an axis need on the left.</summary>
    public static double Gutter(Axis y) =>
        Math.Max(26, 10 + y.Ticks.Select(t => Text.Width(y.Label(t), Text.Small)).DefaultIfEmpty(0).Max());

    public double PlaceX(double value) => Left + (X.Unit(value) * Width);

    public double PlaceY(double value) => Bottom - (Y.Unit(value) * Height);

    /// <remarks><paramref name="labelX"/> is false for a panel whose x axis is written below another.</remarks>
    public void Draw(SvgWriter svg, bool labelX = true)
    {
        foreach (double tick in Y.Ticks)
        {
            double y = PlaceY(tick);
            svg.Line(Left, y, Right, y, "g");
            svg.Write(Left - 7, y + 4, Y.Label(tick), "m", Anchor.End);
        }

        DrawX(svg, labelX);
        svg.Line(Left, Bottom, Right, Bottom, "ax");
        svg.Write(Left - Gutter(Y) + 3, Top - TitleGap, Y.Title, "m");
    }

    /// <summary>Opens the group that holds the curves and tells the hover script how to read them back.</summary>
    public void Open(SvgWriter svg)
    {
        svg.Raw(string.Create(
            CultureInfo.InvariantCulture,
            $"<g class=\"panel\" data-box=\"{Left:0.##} {Top:0.##} {Width:0.##} {Height:0.##}\" data-x=\"{Hint(X)}\" "));
        svg.Raw($"data-y=\"{Hint(Y)}\">");
        svg.Clip(Left - 1, Top - 3, Width + 2, Height + 6);
    }

    /// <summary>Closes the group; its last child hears the pointer and has an empty title, so that no tool tip covers the values.</summary>
    public void Close(SvgWriter svg)
    {
        svg.EndGroup();
        svg.Raw($"<rect class=\"hit\" x=\"{SvgWriter.N(Left)}\" y=\"{SvgWriter.N(Top)}\" ");
        svg.Raw($"width=\"{SvgWriter.N(Width)}\" height=\"{SvgWriter.N(Height)}\"><title></title></rect></g>");
    }

    private static string Hint(Axis axis) => string.Create(
        CultureInfo.InvariantCulture, $"{(int)axis.Kind} {(int)axis.Format} {axis.Low:R} {axis.High:R} {Text.Escape(axis.Title)}");

    private void DrawX(SvgWriter svg, bool label)
    {
        double last = double.NegativeInfinity;
        foreach (double tick in X.Ticks)
        {
            double x = PlaceX(tick);
            string text = X.Label(tick);
            double half = Text.Width(text, Text.Small) / 2;
            svg.Line(x, Bottom, x, Bottom + 4, "ax");
            if (label && x - half > last + 4)
            {
                svg.Write(x, Bottom + 17, text, "m", Anchor.Middle);
                last = x + half;
            }
        }

        if (label)
        {
            svg.Write(Left + (Width / 2), Bottom + 34, X.Title, "m", Anchor.Middle);
        }
    }
}
