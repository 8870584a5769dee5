namespace Hypersphere.Reports.Sections;

/// <summary>ROC and DET of all runs.</summary>
internal static class RateSection
{
    public static void Write(Page page)
    {
        page.Section("rates", "What it costs to let fewer impostors in", "");
        page.MissingRuns(ReportPart.Rates, Lacks, "it was not evaluated on pairs");
        (string Name, int Style, IReadOnlyList<RatePoint> Rates)[] runs = [.. page.Runs.Where(r => !Lacks(r.Run)).Select(r => (r.Run.Name, r.Style, r.Run.Rates))];
        if (runs.Length > 0)
        {
            page.Raw("<div class=\"grid two\">");
            var one = runs.Select(r => (r.Name, Tar: RateFigures.TarAt(r.Rates, 0.01))).OrderByDescending(r => r.Tar).ToArray();
            string roc = $"At one false accept in a hundred, {one[0].Name} accepts {Text.Percent(one[0].Tar)} of genuine pairs";
            page.Figure(RateFigures.Roc(page.NextId(), roc, runs), roc, "ROC, up and left is better", "Dots: the greatest TAR whose FAR does not exceed the dashed line. Dashed curve: guessing.");
            var eer = runs.Select(r => (r.Name, Eer: RateFigures.Eer(r.Rates))).Where(r => double.IsFinite(r.Eer)).OrderBy(r => r.Eer).ToArray();
            string det = eer.Length == 0 ? "Misses against false accepts" : $"Both errors meet at {Text.Percent(eer[0].Eer)} for {eer[0].Name}";
            page.Figure(RateFigures.Det(page.NextId(), det, runs), det, "DET, down and left is better; normally distributed scores give a straight line", "Dashed: FAR = FRR; dots on it: the equal error rate.");
            page.Raw("</div>");
        }

        page.EndSection();
    }

    private static bool Lacks(ReportRun run) => run.Rates.Count(p => double.IsFinite(p.Far) && double.IsFinite(p.Frr)) < 2;
}
