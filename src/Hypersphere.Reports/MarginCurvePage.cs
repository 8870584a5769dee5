using Hypersphere.Reports.Sections;

namespace Hypersphere.Reports;

/// <summary>Margin curves of any losses in one picture: ψ(θ) above, gradient factor below, softmax's cos θ for comparison.</summary>
public static class MarginCurvePage
{
    private const string DefaultTitle = "Margin curves";

    /// <summary>One SVG file of its own, with title and style.</summary>
    /// <param name="curves">Any number, in the order of the labels; softmax is added when it is not among them.</param>
    /// <param name="title">Heading; empty states what the first margin does.</param>
    public static string RenderSvg(IReadOnlyList<MarginCurve> curves, string title = "")
    {
        IReadOnlyList<(MarginCurve Curve, int Style)> styled = Styled(curves);
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + MarginFigure.Render("margin", 960, styled, Title(styled, title), standalone: true) + "\n";
    }

    /// <summary>One HTML page, with values under the pointer and a table of them for those who cannot see the curves.</summary>
    /// <param name="curves">As for <see cref="RenderSvg"/>.</param>
    /// <param name="title">As for <see cref="RenderSvg"/>.</param>
    public static string RenderHtml(IReadOnlyList<MarginCurve> curves, string title = "")
    {
        IReadOnlyList<(MarginCurve Curve, int Style)> styled = Styled(curves);
        string heading = Title(styled, title);
        string wide = MarginFigure.Render("margin", 860, styled, heading);
        string narrow = MarginFigure.Render("margin-narrow", 360, styled, heading);
        string body = $"<header><p class=\"kicker\">Margin losses on the hypersphere</p><h1>{Text.Escape(heading)}</h1>"
            + "<p class=\"lead\">Above: the target logit ψ(θ) before the scale. "
            + "Below: the factor dψ∕dcos θ by which the margin changes its gradient. "
            + "Softmax on normalised embeddings is cos θ with factor 1." + Others(curves) + "</p></header>"
            + $"<figure><div class=\"wide\">{wide}</div><div class=\"narrow\">{narrow}</div></figure>{MarginTable.Render(styled)}";
        return HtmlReport.Wrap(heading, body);
    }

    /// <summary>Writes SVG to a path that ends in .svg and HTML to one in .html or .htm; the file appears whole or not at all.</summary>
    /// <param name="curves">As for <see cref="RenderSvg"/>.</param>
    /// <param name="path">Where.</param>
    /// <param name="title">As for <see cref="RenderSvg"/>.</param>
    /// <exception cref="InputException">Another ending, or the file cannot be written.</exception>
    public static void Write(IReadOnlyList<MarginCurve> curves, string path, string title = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string text = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".SVG" => RenderSvg(curves, title),
            ".HTML" or ".HTM" => RenderHtml(curves, title),
            _ => throw new InputException($"{path}: margin curves are written as .svg or .html; give the path one of these endings"),
        };
        HtmlReport.Save(path, text);
    }

    private static IReadOnlyList<(MarginCurve Curve, int Style)> Styled(IReadOnlyList<MarginCurve> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        return MarginFigure.Styled(curves, _ => null);
    }

    private static string Others(IReadOnlyList<MarginCurve> curves) =>
        curves.FirstOrDefault(c => c.Negatives.Count > 0) is not { } changed ? ""
        : $" Last: what becomes of the cosine to another class, while the sample stands {Text.Degrees(changed.OwnDegrees, 0)} from its own prototype.";

    private static string Title(IReadOnlyList<(MarginCurve Curve, int Style)> styled, string title) =>
        title.Length > 0 ? title : MarginFigure.Finding(styled) ?? DefaultTitle;
}
