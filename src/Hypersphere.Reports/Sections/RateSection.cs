namespace Hypersphere.Reports.Sections;

/// <summary>ROC and DET of all runs.</summary>
internal static class RateSection
{
    public static void Write(Page page)
    {
        page.Section("rates", "What it costs to let fewer impostors in", "");
        RateFigures.Curve[] runs = [.. page.Runs.Where(r => !Lacks(r.Run)).Select(r => new RateFigures.Curve(
            r.Run.Name, r.Style, r.Run.Rates, Measured(r.Run, "eer", RateFigures.Eer(r.Run.Rates)),
                Measured(r.Run, "tar_at_far_1e-2", RateFigures.TarAt(r.Run.Rates, 0.01))))];
        if (runs.Length > 0)
        {
            page.Raw("<div class=\"grid two\">");
            RateFigures.Curve top = runs.MaxBy(r => r.Tar)!;
            string roc = $"At one false accept in a hundred, {top.Name} accepts {Text.Percent(top.Tar)} of genuine pairs";
            page.Figure(RateFigures.Roc(page.NextId(), roc, runs), roc, "ROC, up and left is better",
                "Dots: the greatest TAR whose FAR does not exceed 1\u00a0%. Thin curve: guessing.");
            RateFigures.Curve? even = runs.Where(r => double.IsFinite(r.Eer)).MinBy(r => r.Eer);
            string det = even is null ? "Misses against false accepts" : $"Both errors meet at {Text.Percent(even.Eer)} for {even.Name}";
            page.Figure(RateFigures.Det(page.NextId(), det, runs), det, "DET, down and left is better; normal scores give straight lines",
                "Thin line: FAR = FRR; dots on it: the equal error rate.");
            page.Raw("</div>");
        }

        page.MissingRuns(ReportPart.Rates, Lacks, "no verification pairs were evaluated");
        page.EndSection();
    }

    /// <summary>The number as the table states it, so that table and chart never differ by how they interpolate.</summary>
    private static double Measured(ReportRun run, string key, double computed) =>
        Findings.Of(run, key) is { } metric && double.IsFinite(metric.Value) ? metric.Value : computed;

    private static bool Lacks(ReportRun run) => run.Rates.Count(p => double.IsFinite(p.Far) && double.IsFinite(p.Frr)) < 2;
}
