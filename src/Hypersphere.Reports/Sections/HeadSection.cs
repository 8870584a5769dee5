using System.Text;

namespace Hypersphere.Reports.Sections;

/// <summary>The first screen: how good is it, and against what.</summary>
internal static class HeadSection
{
    private static readonly (string Id, string Name)[] _parts =
    [
        ("training", "Training"), ("margin", "Margin"), ("angles", "Angles"), ("rates", "ROC and DET"), ("embedding", "Embedding"),
        ("pairs", "Hardest pairs"), ("reproduce", "Reproduce"), ("glossary", "Definitions"),
    ];

    public static void Write(Page page)
    {
        ReportData data = page.Data;
        page.Raw($"<header><p class=\"kicker\">{Text.Escape(data.Title)}</p><h1>{Text.Escape(Findings.Headline(data))}</h1>");
        string second = Findings.Second(data);
        page.Raw(second.Length > 0 ? $"<p class=\"lead\">{Text.Escape(second)}</p>" : "");
        page.Raw(data.Data.Length > 0 ? $"<p class=\"data\">{Text.Escape(data.Data)}</p></header>" : "</header>");
        if (data.Runs.All(r => r.Metrics.Count == 0))
        {
            page.Missing("Metrics", "no run was evaluated");
        }
        else
        {
            Table(page);
        }

        page.Raw($"<nav>{string.Concat(_parts.Select(part => $"<a href=\"#{part.Id}\">{part.Name}</a>"))}</nav>");
    }

    private static void Table(Page page)
    {
        ReportData data = page.Data;
        ReportRun? rival = Findings.Rival(data);
        bool spread = data.Runs.SelectMany(r => r.Metrics).Any(m => m.Spread is not null);
        page.Raw("<div class=\"scroll\"><table class=\"metrics\"><thead><tr><th scope=\"col\">metric</th>");
        foreach ((ReportRun run, int style) in page.Runs)
        {
            string spec = run.Spec == run.Name || data.Runs.Count > 3 ? "" : Text.Clip(run.Spec, 90);
            page.Raw($"<th scope=\"col\" class=\"n\">{Key.Swatch(style)}{Text.Escape(run.Name)}<small>{Text.Escape(spec)}</small></th>");
        }

        string against = rival is null ? "" : Text.Escape($"{data.Runs[0].Name} against {rival.Name}");
        page.Raw((rival is null ? "" : $"<th scope=\"col\" class=\"n v\">{against}</th>") + "</tr></thead><tbody>");
        foreach (string key in data.Runs.SelectMany(r => r.Metrics).Select(m => m.Key).Distinct(StringComparer.Ordinal))
        {
            page.Raw(Row(data, Findings.Definition(data, key), rival));
        }

        page.Raw("</tbody></table></div>");
        string best = data.Runs.Count > 1 ? "Bold: the best, with every value that lies within its spread. " : "";
        string deviation = spread ? "± is one standard deviation: verification over folds, other shares by sampling, √(p(1−p)∕n). " : "";
        page.Raw($"<p class=\"note\">{best}{deviation}↑ more is better, ↓ less is better. Each name leads to its definition.</p>");
    }

    /// <summary>A metric's name, which leads to its definition, with an arrow that says which way is better.</summary>
    public static string NameOf(MetricDefinition definition)
    {
        string arrow = definition.Better switch
        {
            Better.Higher => "\u00a0<span class=\"dir\" title=\"more is better\">↑</span>",
            Better.Lower => "\u00a0<span class=\"dir\" title=\"less is better\">↓</span>",
            _ => "",
        };
        string name = Text.Escape(definition.Name).Replace("1e-", "1e\u2011", StringComparison.Ordinal);
        return $"<a href=\"#def-{Text.Escape(definition.Key)}\">{name}</a>{arrow}";
    }

    private static string Row(ReportData data, MetricDefinition definition, ReportRun? rival)
    {
        var row = new StringBuilder($"<tr><th scope=\"row\">{NameOf(definition)}</th>");
        Metric[] all = [.. data.Runs.Select(r => Findings.Of(r, definition.Key)).OfType<Metric>()];
        foreach (ReportRun run in data.Runs)
        {
            Metric? metric = Findings.Of(run, definition.Key);
            string css = metric is not null && Comparison.IsBest(definition, metric, all) ? "n best" : "n";
            row.Append($"<td class=\"{css}\">{(metric is null ? "–" : Text.Escape(Comparison.Show(definition, metric)))}</td>");
        }

        if (rival is not null)
        {
            string verdict = Verdict(definition, Findings.Of(data.Runs[0], definition.Key), Findings.Of(rival, definition.Key));
            row.Append($"<td class=\"n v\">{Text.Escape(verdict)}</td>");
        }

        return row.Append("</tr>").ToString();
    }

    private static string Verdict(MetricDefinition definition, Metric? own, Metric? other)
    {
        if (own is null || other is null || !double.IsFinite(own.Value - other.Value))
        {
            return "–";
        }

        if (definition.Key == "final_loss")
        {
            return "not comparable";
        }

        if (!Comparison.ShowDifference(definition, own.Value - other.Value).AsSpan().ContainsAnyInRange('1', '9'))
        {
            return "same";
        }

        string difference = Comparison.ShowDifference(definition, own.Value - other.Value);
        return Comparison.Spread(own, other) is null ? difference
            : Comparison.IsTie(definition, own, other) ? $"{difference}, within spread" : $"{difference}, beyond spread";
    }
}
