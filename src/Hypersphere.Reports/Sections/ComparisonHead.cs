using System.Text;

namespace Hypersphere.Reports.Sections;

/// <summary>The first screen of a comparison: which loss is best, if any, and the table.</summary>
internal static class ComparisonHead
{
    private static readonly string[] _preferred = ["verification_accuracy", "precision_at_1", "map_at_r"];

    private static readonly (string Id, string Name)[] _parts =
        [("seeds", "Every seed"), ("training", "Training"), ("runs", "Runs"), ("reproduce", "Reproduce"), ("glossary", "Definitions")];

    public static void Write(Page page, ComparisonData data)
    {
        page.Raw($"<header><p class=\"kicker\">{Text.Escape(data.Title)}</p><h1>{Text.Escape(Headline(data))}</h1>");
        page.Raw($"<p class=\"lead\">{Text.Escape(Second(data))}</p>");
        page.Raw((data.Data.Length > 0 ? $"<p class=\"data\">{Text.Escape(data.Data)}</p>" : "") + "</header>");
        Table(page, data);
        page.Raw($"<nav>{string.Concat(_parts.Select(part => $"<a href=\"#{part.Id}\">{part.Name}</a>"))}</nav>");
    }

    public static string Headline(ComparisonData data)
    {
        if (Primary(data) is not { } primary)
        {
            return "Nothing was measured";
        }

        (ComparedLoss Loss, Metric Mean)[] ranked = [.. data.Losses.Select(l => (l, l.Mean(primary.Key)!)).Where(m => m.Item2 is not null)
            .OrderByDescending(m => primary.Better == Better.Lower ? -m.Item2.Value : m.Item2.Value)];
        (ComparedLoss first, Metric mean) = ranked[0];
        string start = $"{first.Name} reaches {Comparison.Show(primary, mean)} {primary.Name}";
        if (ranked.Length == 1)
        {
            return start;
        }

        (ComparedLoss second, Metric next) = ranked[1];
        string gap = Comparison.ShowDifference(primary, Math.Abs(mean.Value - next.Value)).TrimStart('+');
        return data.Best(primary.Key) == first
            ? $"{start}, {gap} better than {second.Name}"
            : $"{start}; {second.Name} ({Comparison.Show(primary, next)}) cannot be told from it";
    }

    private static string Second(ComparisonData data)
    {
        int seeds = data.Losses.Max(l => l.Runs.Count);
        if (seeds < 2)
        {
            return "One seed does not tell how much chance is in these numbers; --seeds 3 or more does.";
        }

        string[] best = [.. data.Definitions.Where(d => d.Key != "samples_per_second" && data.Best(d.Key) is not null)
            .GroupBy(d => data.Best(d.Key)!.Name, d => d.Name).Select(g => $"{g.Key} in {string.Join(", ", g)}")];
        return data.Losses.Count < 2 ? $"Mean and standard deviation over {seeds} seeds."
            : best.Length == 0 ? $"Over {seeds} seeds no difference exceeds its spread."
            : $"Over {seeds} seeds these differences exceed their spread: best {string.Join("; ", best)}.";
    }

    private static MetricDefinition? Primary(ComparisonData data) =>
        _preferred.Select(key => data.Definitions.FirstOrDefault(d => d.Key == key && data.Losses.Any(l => l.Mean(key) is not null)))
            .FirstOrDefault(d => d is not null);

    private static void Table(Page page, ComparisonData data)
    {
        page.Raw("<div class=\"scroll\"><table class=\"metrics\"><thead><tr><th scope=\"col\">metric</th>");
        foreach ((ReportRun loss, int style) in page.Runs)
        {
            string spec = loss.Spec == loss.Name || data.Losses.Count > 4 ? "" : Text.Clip(loss.Spec, 90);
            page.Raw($"<th scope=\"col\" class=\"n\">{Key.Swatch(style)}{Text.Escape(loss.Name)}<small>{Text.Escape(spec)}</small></th>");
        }

        page.Raw("</tr></thead><tbody>");
        foreach (string key in page.Data.Runs.SelectMany(r => r.Metrics).Select(m => m.Key).Distinct(StringComparer.Ordinal))
        {
            page.Raw(Row(data, Findings.Definition(page.Data, key)));
        }

        page.Raw("</tbody></table></div><p class=\"note\">Mean ± standard deviation over the seeds. Bold: better than every other loss by more than ");
        page.Raw("the spread of the difference, √(s₁² + s₂²). ↑ more is better, ↓ less is better. Each name leads to its definition.</p>");
    }

    private static string Row(ComparisonData data, MetricDefinition definition)
    {
        ComparedLoss? best = data.Best(definition.Key);
        var row = new StringBuilder($"<tr><th scope=\"row\">{HeadSection.NameOf(definition)}</th>");
        foreach (ComparedLoss loss in data.Losses)
        {
            string value = loss.Mean(definition.Key) is { } mean ? Comparison.Show(definition, mean) : "–";
            row.Append($"<td class=\"{(loss == best ? "n best" : "n")}\">{Text.Escape(value)}</td>");
        }

        return row.Append("</tr>").ToString();
    }
}
