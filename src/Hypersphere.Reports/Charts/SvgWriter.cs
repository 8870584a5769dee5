using System.Globalization;
using System.Text;

namespace Hypersphere.Reports.Charts;

internal enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>One SVG picture as text. Every string that goes in is escaped here, every number is invariant.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _out = new();
    private int _clips;

    /// <remarks><paramref name="standalone"/>: a file of its own, with namespace, style, background; ids are unique in a page.</remarks>
    public SvgWriter(string id, double width, double height, string title, string description, bool standalone = false)
    {
        (Id, Width) = (id, width);
        string size = string.Create(CultureInfo.InvariantCulture, $"viewBox=\"0 0 {N(width)} {N(height)}\"");
        string space = standalone ? $"xmlns=\"http://www.w3.org/2000/svg\" width=\"{N(width)}\" height=\"{N(height)}\" " : "";
        Raw($"<svg {space}class=\"chart\" id=\"{id}\" {size} role=\"img\" aria-labelledby=\"{id}-t {id}-d\">");
        Raw($"<title id=\"{id}-t\">{Text.Escape(title)}</title><desc id=\"{id}-d\">{Text.Escape(description)}</desc>");
        if (standalone)
        {
            Raw($"<style>{Palette.Css()}</style>");
            Rect(0, 0, width, height, "bg");
        }
    }

    public string Id { get; }

    public double Width { get; }

    public static string N(double value) => Text.Coordinate(value);

    public void Raw(string markup) => _out.Append(markup);

    public void Line(double x1, double y1, double x2, double y2, string css) =>
        Raw($"<line x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\" class=\"{css}\"/>");

    public void Rect(double x, double y, double width, double height, string css, string more = "") =>
        Raw($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" class=\"{css}\"{more}/>");

    public void Circle(double x, double y, double radius, string css, string more = "") =>
        Raw($"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(radius)}\" class=\"{css}\"{more}/>");

    /// <remarks><paramref name="more"/>: further attributes with a leading space, already escaped.</remarks>
    public void Path(string data, string css, string more = "") => Raw($"<path d=\"{data}\" class=\"{css}\"{more}/>");

    public void Write(double x, double y, string text, string css = "", Anchor anchor = Anchor.Start)
    {
        string side = anchor switch { Anchor.Middle => " text-anchor=\"middle\"", Anchor.End => " text-anchor=\"end\"", _ => "" };
        string style = css.Length == 0 ? "" : $" class=\"{css}\"";
        Raw($"<text x=\"{N(x)}\" y=\"{N(y)}\"{style}{side}>{Text.Escape(text)}</text>");
    }

    /// <summary>Opens a group that shows only what lies in the rectangle; end it with <see cref="EndGroup"/>.</summary>
    public void Clip(double x, double y, double width, double height)
    {
        string id = $"{Id}-c{(_clips++).ToString(CultureInfo.InvariantCulture)}";
        Raw($"<clipPath id=\"{id}\"><rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\"/></clipPath>");
        Raw($"<g clip-path=\"url(#{id})\">");
    }

    public void EndGroup() => Raw("</g>");

    public string Finish() => _out.Append("</svg>").ToString();
}
