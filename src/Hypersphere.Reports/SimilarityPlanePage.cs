using System.Text;

namespace Hypersphere.Reports;

/// <summary>Losses over the plane of similarities: how strongly each pulls a positive and pushes a negative, as in the Circle Loss
/// paper.</summary>
public static class SimilarityPlanePage
{
    private const string Title = "How strongly losses pull and push";

    /// <summary>Renders the page.</summary>
    /// <param name="planes">Any number, in this order.</param>
    public static string Render(IReadOnlyList<SimilarityPlane> planes)
    {
        ArgumentNullException.ThrowIfNull(planes);
        var page = new StringBuilder("<header><p class=\"kicker\">Losses on the hypersphere</p>");
        page.Append($"<h1>{Title}</h1><p class=\"lead\">An anchor with one positive at similarity s_p and one negative at s_n. ");
        page.Append("The fuller the colour, the stronger the gradient of the loss with respect to that similarity; lines join equal strength, ");
        page.Append("and one scale serves both pictures of a loss. ");
        page.Append("Training moves a point to the upper left: positives nearer, negatives farther.</p></header>");
        for (int i = 0; i < planes.Count; i++)
        {
            SimilarityPlane plane = planes[i];
            string name = CurveLabel.Name(plane.Label), id = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            page.Append($"<section><h2>{Text.Escape(plane.Label)}</h2><div class=\"grid two\">");
            page.Append(Figure($"p{id}", $"Pull on the positive, {name}", "|∂ℓ ∕ ∂s_p|", plane, plane.Positive, 1));
            page.Append(Figure($"n{id}", $"Push on the negative, {name}", "|∂ℓ ∕ ∂s_n|", plane, plane.Negative, 2));
            page.Append($"</div><p class=\"note\">{Text.Escape(plane.Source)}</p></section>");
        }

        return HtmlReport.Wrap(Title, page.ToString());
    }

    /// <summary>Writes the page to a path in .html or .htm; the file appears whole or not at all.</summary>
    /// <param name="planes">As for <see cref="Render"/>.</param>
    /// <param name="path">Where.</param>
    /// <exception cref="InputException">Another ending, or the file cannot be written.</exception>
    public static void Write(IReadOnlyList<SimilarityPlane> planes, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.GetExtension(path).ToUpperInvariant() is not (".HTML" or ".HTM"))
        {
            throw new InputException($"{path}: the plane of similarities is written as .html; give the path this ending");
        }

        HtmlReport.Save(path, Render(planes));
    }

    private static string Figure(string id, string title, string quantity, SimilarityPlane plane, double[,] values, int style) =>
        $"<figure><figcaption><h3>{Text.Escape(title)}</h3><p>{quantity}</p></figcaption>"
        + PlaneFigure.Render(id, title, quantity, plane, values, style) + "</figure>";
}
