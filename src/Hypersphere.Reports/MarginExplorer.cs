using Hypersphere.Reports.Sections;

namespace Hypersphere.Reports;

/// <summary>One HTML page with sliders for margin, scale and number of classes: logit, gradient factor, probability, pull, and the decision
/// boundary of two classes on the circle.</summary>
/// <remarks>Every curve was computed beforehand by the code that trains; the page's script holds no margin's formula.</remarks>
public static class MarginExplorer
{
    /// <summary>Renders the page.</summary>
    /// <param name="families">What the sliders move, in order.</param>
    /// <param name="circles">Decision boundaries to draw side by side.</param>
    /// <exception cref="InputException">There is no family, or the curves differ in their angles.</exception>
    public static string Render(IReadOnlyList<MarginFamily> families, IReadOnlyList<BoundaryCircle> circles)
    {
        ArgumentNullException.ThrowIfNull(families);
        ArgumentNullException.ThrowIfNull(circles);
        MarginFamily[] all = [.. families.Concat(circles.Select(c => c.Family).OfType<MarginFamily>()).Distinct()];
        int angles = all.Select(f => f.Start.Points.Count).DefaultIfEmpty(0).First();
        if (angles < 2 || all.Any(f => f.Steps.Any(s => s.Points.Count != angles)))
        {
            throw new InputException("the interactive page needs margin curves that all have the same angles, two or more.");
        }

        string body = ExplorerSection.Render(all, circles);
        return HtmlReport.Wrap("How margin and scale shape the softmax", body, Assets.ExplorerCss, Assets.ExplorerScript);
    }

    /// <summary>Writes the page to a path in .html or .htm; the file appears whole or not at all.</summary>
    /// <param name="families">As for <see cref="Render"/>.</param>
    /// <param name="circles">As for <see cref="Render"/>.</param>
    /// <param name="path">Where.</param>
    /// <exception cref="InputException">Another ending, or the file cannot be written.</exception>
    public static void Write(IReadOnlyList<MarginFamily> families, IReadOnlyList<BoundaryCircle> circles, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.GetExtension(path).ToUpperInvariant() is not (".HTML" or ".HTM"))
        {
            throw new InputException($"{path}: the interactive page is written as .html; give the path this ending");
        }

        HtmlReport.Save(path, Render(families, circles));
    }
}
