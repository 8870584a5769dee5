namespace Hypersphere.Reports.Sections;

/// <summary>How to get the same report again, and what every number means.</summary>
internal static class ReproduceSection
{
    public static void Write(Page page)
    {
        ReportData data = page.Data;
        page.Section("reproduce", "How to reproduce", "");
        if (data.Command.Length > 0)
        {
            page.Raw($"<pre><code>{Text.Escape(data.Command)}</code></pre>");
        }
        else
        {
            page.Missing("Command line", "it was not recorded");
        }

        page.Raw("<dl class=\"facts\">");
        foreach (Fact fact in data.Environment
            .Concat(data.Runs.Where(r => r.Spec.Length > 0).Select(r => new Fact($"loss of {r.Name}", r.Spec))))
        {
            page.Raw($"<div><dt>{Text.Escape(fact.Name)}</dt><dd>{Text.Escape(fact.Value)}</dd></div>");
        }

        page.Raw("</dl>");
        page.EndSection();
        Glossary(page);
    }

    private static void Glossary(Page page)
    {
        page.Section("glossary", "What every number means", "");
        page.Raw("<dl class=\"glossary\">");
        foreach (string key in page.Data.Runs.SelectMany(r => r.Metrics).Select(m => m.Key).Distinct(StringComparer.Ordinal))
        {
            MetricDefinition d = Findings.Definition(page.Data, key);
            string chance = d.Chance is { } c ? $" Guessing gives {Comparison.Show(d, new Metric(d.Key, c))}." : "";
            Entry(page, $"def-{d.Key}", d.Name, d.Formula, d.Text + chance);
        }

        Entry(page, "def-angle", "angle θ", "θ = arccos( x·y ∕ |x||y| )",
            "Angle between two embeddings, or an embedding and a prototype, in degrees: 0° same direction, 90° unrelated. "
            + "Cosine and angle order pairs alike.");
        Entry(page, "def-pair", "genuine, impostor", "",
            "A genuine pair shows one class twice, an impostor pair two classes. "
            + "A pair is accepted when its angle is below the threshold t.");
        Entry(page, "def-far", "FAR, FRR, TAR",
            "FAR(t) = accepted impostors ∕ impostors, FRR(t) = rejected genuine ∕ genuine, TAR = 1 − FRR",
            "ROC shows TAR over FAR, DET shows FRR over FAR.");
        Entry(page, "def-margin", "margin curve ψ(θ)", "ℓ = −log( e^{sψ(θ_y)} ∕ (e^{sψ(θ_y)} + Σⱼ≠y e^{s cos θⱼ}) )",
            "What the loss puts in place of the cosine to the own prototype; s is the scale. "
            + "Below cos θ, a sample must come closer to count the same.");
        Entry(page, "def-spread", "spread", "√(s₁² + s₂²)",
            "Spread of the difference of two numbers with standard deviations s₁ and s₂. A smaller difference is not called one. "
            + "Folds and seeds vary on their own: a difference beyond it in one seed is a hint, not a proof.");
        page.Raw("</dl>");
        page.EndSection();
    }

    private static void Entry(Page page, string id, string name, string formula, string text) => page.Raw(
        $"<div id=\"{Text.Escape(id)}\"><dt>{Text.Escape(name)}</dt><dd>{Formula(formula)}{Text.Escape(text)}</dd></div>");

    private static string Formula(string formula) => formula.Length > 0 ? $"<span class=\"formula\">{Text.Escape(formula)}</span>" : "";
}
