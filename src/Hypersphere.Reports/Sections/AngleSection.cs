namespace Hypersphere.Reports.Sections;

/// <summary>Histograms of genuine and impostor angles, one a run, on common axes.</summary>
internal static class AngleSection
{
    public static void Write(Page page)
    {
        page.Section("angles", "How far same and different lie apart", "");
        (ReportRun Run, int Style)[] runs = [.. page.Runs.Where(r => !Lacks(r.Run))];
        if (runs.Length > 0)
        {
            double peak = runs.Max(r => HistogramFigure.Peak(r.Run.Angles!));
            var range = (runs.Min(r => HistogramFigure.Range(r.Run.Angles!).Low), runs.Max(r => HistogramFigure.Range(r.Run.Angles!).High));
            page.Raw("<div class=\"grid two\">");
            foreach ((ReportRun run, _) in runs)
            {
                PairAngles angles = run.Angles!;
                string title = double.IsFinite(angles.ThresholdDegrees) && double.IsFinite(angles.Eer)
                    ? $"{run.Name}: {Text.Degrees(angles.ThresholdDegrees)} tells same from different, wrong in {Text.Percent(angles.Eer)}"
                    : $"{run.Name}: angles of genuine and impostor pairs";
                string svg = HistogramFigure.Render(page.NextId(), title, angles, peak, range);
                page.Figure(svg, title, HistogramFigure.Pairs(angles));
            }

            page.Raw("</div>");
            foreach ((ReportRun run, _) in runs.Where(r => r.Run.Folds.Count > 0))
            {
                string title = $"{run.Name}, fold by fold: {FoldFigure.Summary(run.Folds)}";
                string svg = FoldFigure.Render(page.NextId(), title, run.Folds, range);
                page.Figure(svg, title, "share of the fold’s genuine and impostor pairs by angle, and the threshold that the other folds chose");
            }
        }

        page.MissingRuns(ReportPart.Angles, Lacks, "no verification pairs were evaluated");
        page.EndSection();
    }

    private static bool Lacks(ReportRun run) =>
        run.Angles is not { Genuine.Count: > 0 } angles || angles.Impostor.Count == 0 || angles.Genuine.Sum() + angles.Impostor.Sum() == 0;
}
