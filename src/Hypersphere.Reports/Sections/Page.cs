using System.Globalization;
using System.Text;

namespace Hypersphere.Reports.Sections;

/// <summary>The report being written: the text so far, the style of each run, unique ids, and the shapes that all sections share.</summary>
internal sealed class Page
{
    private readonly StringBuilder _html = new();
    private int _charts;

    public Page(ReportData data)
    {
        Data = data;
        int baseline = data.Runs.Count > 1 ? Math.Max(data.Runs.ToList().FindIndex(r => r.Baseline), -1) : -1;
        int next = 0;
        Styles = [.. data.Runs.Select((_, i) => i == baseline ? 0 : Palette.Run(next++))];
    }

    public ReportData Data { get; }

    /// <summary>Palette style of each run.</summary>
    public IReadOnlyList<int> Styles { get; }

    /// <summary>Runs with their styles.</summary>
    public IEnumerable<(ReportRun Run, int Style)> Runs => Data.Runs.Zip(Styles);

    public void Raw(string markup) => _html.Append(markup).Append('\n');

    public string NextId() => "c" + (++_charts).ToString(CultureInfo.InvariantCulture);

    public void Section(string id, string heading, string lead)
    {
        Raw($"<section id=\"{id}\"><h2>{Text.Escape(heading)}</h2>");
        if (lead.Length > 0)
        {
            Raw($"<p class=\"lead\">{Text.Escape(lead)}</p>");
        }
    }

    public void EndSection() => Raw("</section>");

    /// <summary>A chart under its finding and above its fine print; both are escaped here, the picture is not.</summary>
    public void Figure(string svg, string finding, string quantity, string note = "", string css = "")
    {
        Raw($"<figure class=\"{css}\"><figcaption><h3>{Text.Escape(finding)}</h3><p>{Text.Escape(quantity)}</p></figcaption>");
        Raw(svg);
        Raw((note.Length > 0 ? $"<p class=\"note\">{Text.Escape(note)}</p>" : "") + "</figure>");
    }

    /// <summary>Says what is not there and why.</summary>
    public void Missing(string what, string why) =>
        Raw($"<p class=\"na\">{Text.Escape(what)}: not available: {Text.Escape(why.TrimEnd('.'))}.</p>");

    /// <summary>One line for every reason why runs lack a part: their own where they gave one.</summary>
    public void MissingRuns(ReportPart part, Func<ReportRun, bool> lacks, string why)
    {
        foreach (IGrouping<string, ReportRun> group in Data.Runs.Where(lacks).GroupBy(r => r.Missing.GetValueOrDefault(part, why)))
        {
            Missing(string.Join(", ", group.Select(r => r.Name)), group.Key);
        }
    }

    public override string ToString() => _html.ToString();
}
