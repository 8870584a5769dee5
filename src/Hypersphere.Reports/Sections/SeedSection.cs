namespace Hypersphere.Reports.Sections;

/// <summary>Every seed of every loss as a point, a chart a metric; and the table of all runs.</summary>
internal static class SeedSection
{
    private static readonly string[] _shown =
    [
        "verification_accuracy", "precision_at_1", "map_at_r", "tar_at_far_1e-2", "eer", "auc", "angle_to_prototype_deg",
        "centre_angle_nearest_deg",
    ];

    public static void Write(Page page, ComparisonData data)
    {
        page.Section("seeds", "Every seed", "");
        page.Raw("<div class=\"grid two\">");
        foreach (MetricDefinition definition in _shown.Select(key => data.Definitions.FirstOrDefault(d => d.Key == key))
            .OfType<MetricDefinition>().Where(d => data.Losses.Any(l => l.Values(d.Key).Any())))
        {
            string better = definition.Better == Better.Lower ? "less is better" : "more is better";
            string title = data.Best(definition.Key) is { } best ? $"{Capital(definition.Name)}: best with {best.Name}" : Capital(definition.Name);
            page.Figure(SeedFigure.Render(page.NextId(), title, definition, data, page.Styles), title, $"a point a seed, a stroke the mean; {better}");
        }

        page.Raw("</div>");
        page.EndSection();
    }

    /// <summary>All runs with their seeds, folders and a few numbers.</summary>
    public static void Runs(Page page, ComparisonData data)
    {
        MetricDefinition[] columns = [.. _shown.Select(key => data.Definitions.FirstOrDefault(d => d.Key == key)).OfType<MetricDefinition>()
            .Where(d => data.Losses.Any(l => l.Values(d.Key).Any())).Take(5)];
        page.Section("runs", "Every run", "");
        page.Raw("<div class=\"scroll\"><table><thead><tr><th scope=\"col\">loss</th><th scope=\"col\" class=\"n\">seed</th>");
        page.Raw(string.Concat(columns.Select(c => $"<th scope=\"col\" class=\"n\">{Text.Escape(c.Name)}</th>")));
        page.Raw("<th scope=\"col\" class=\"n\">folder</th></tr></thead><tbody>");
        foreach ((ComparedLoss loss, ComparedRun run) in data.Losses.SelectMany(l => l.Runs.Select(r => (l, r))))
        {
            IEnumerable<string> cells = columns.Select(c => run.Metrics.FirstOrDefault(m => m.Key == c.Key) is { } m
                ? Comparison.Show(c, m with { Spread = null }) : "–");
            page.Raw($"<tr><th scope=\"row\">{Text.Escape(loss.Name)}</th><td class=\"n\">{run.Seed}</td>");
            page.Raw(string.Concat(cells.Select(c => $"<td class=\"n\">{Text.Escape(c)}</td>")));
            page.Raw($"<td class=\"n v\">{Text.Escape(run.Folder)}</td></tr>");
        }

        page.Raw("</tbody></table></div>");
        page.EndSection();
    }

    /// <summary>A first letter in upper case, but not of “mAP” or “tAR”: names in capitals stay.</summary>
    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
