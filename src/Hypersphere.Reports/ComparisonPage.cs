using Hypersphere.Reports.Sections;

namespace Hypersphere.Reports;

/// <summary>One self-contained page that compares losses over several seeds: table, every seed as a point, training curves with their
/// spread.</summary>
public static class ComparisonPage
{
    /// <summary>Renders the page.</summary>
    /// <param name="data">What to show.</param>
    /// <returns>The whole HTML document; the same data gives the same text.</returns>
    public static string Render(ComparisonData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        string[] keys = [.. data.Losses.SelectMany(l => l.Runs).SelectMany(r => r.Metrics).Select(m => m.Key).Distinct(StringComparer.Ordinal)];
        var page = new Page(new ReportData
        {
            Title = data.Title,
            Data = data.Data,
            Command = data.Command,
            Environment = data.Environment,
            Definitions = data.Definitions,
            Runs = [.. data.Losses.Select(l => new ReportRun
            {
                Name = l.Name, Spec = l.Spec, Baseline = l.Name == "softmax", Metrics = [.. keys.Select(l.Mean).OfType<Metric>()],
            })],
        });
        ComparisonHead.Write(page, data);
        SeedSection.Write(page, data);
        CourseSection.Write(page, data);
        SeedSection.Runs(page, data);
        ReproduceSection.Write(page);
        return HtmlReport.Wrap(data.Title, page.ToString());
    }

    /// <summary>Renders the page into a file, which appears whole or not at all.</summary>
    /// <param name="data">What to show.</param>
    /// <param name="path">Where; its folder is made when missing.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(ComparisonData data, string path) => HtmlReport.Save(path, Render(data));
}
