namespace Hypersphere.Reports.Sections;

/// <summary>Training curves of each loss over its seeds: mean and, as a band, ± one standard deviation.</summary>
internal static class CourseSection
{
    public static void Write(Page page, ComparisonData data)
    {
        page.Section("training", "How training went", "");
        (ComparedLoss Loss, int Style)[] losses = [.. data.Losses.Zip(page.Styles).Where(l => l.First.Runs.Any(r => r.Training.Count > 0))];
        Band[] angles = [.. losses.Select(l => Band.Over(l.Loss, l.Style, p => p.OwnAngle)).Where(b => b.Points.Count > 0)];
        if (angles.Length > 0)
        {
            const string Title = "Angle between samples and their own prototypes";
            string wide = BandFigure.Render(page.NextId(), 860, 300, Title, angles, "own angle", ValueFormat.Degrees);
            string narrow = BandFigure.Render(page.NextId(), 360, 260, Title, angles, "own angle", ValueFormat.Degrees);
            page.Figure(
                $"<div class=\"wide\">{wide}</div><div class=\"narrow\">{narrow}</div>", Title,
                "mean over the seeds, band: ± one standard deviation", css: "row");
        }

        if (losses.Length == 0)
        {
            page.Missing("Training curves", "none was recorded");
        }

        page.Raw("<div class=\"grid three row\">");
        foreach ((ComparedLoss loss, int style) in losses)
        {
            Band band = Band.Over(loss, style, p => p.Loss) with { Name = "" };
            string title = $"Loss of {loss.Name}";
            page.Figure(
                BandFigure.Render(page.NextId(), 300, 180, title, [band], "loss, nats", ValueFormat.Number), title,
                "Its height cannot be compared with other losses’.");
        }

        page.Raw("</div>");
        page.EndSection();
    }
}
