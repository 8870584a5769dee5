namespace Hypersphere.Reports.Sections;

/// <summary>The embedding in the plane: the circle itself for two dimensions, else the principal plane.</summary>
internal static class EmbeddingSection
{
    public static void Write(Page page)
    {
        page.Section("embedding", "What the embedding looks like", "");
        (ReportRun Run, int Style)[] runs = [.. page.Runs.Where(r => !Lacks(r.Run))];
        if (runs.Length > 0)
        {
            double peak = runs.Where(r => r.Run.Embedding!.Dimension == 2).Select(r => CircleFigure.Peak(r.Run.Embedding!))
                .DefaultIfEmpty(0).Max();
            double extent = runs.Where(r => r.Run.Embedding!.Dimension > 2).Select(r => ScatterFigure.Extent(r.Run.Embedding!))
                .DefaultIfEmpty(1).Max();
            page.Raw("<div class=\"grid two\">");
            foreach ((ReportRun run, _) in runs)
            {
                Picture(page, run.Name, run.Embedding!, peak, extent);
            }

            page.Raw("</div>");
        }

        page.MissingRuns(ReportPart.Embedding, Lacks, "embeddings were not kept");
        page.EndSection();
    }

    private static void Picture(Page page, string name, EmbeddingPlot plot, double peak, double extent)
    {
        var marks = new ClassMarks(plot);
        int named = marks.Named.Count();
        string many = marks.Hidden > 0 ? $" The {named} largest of {named + marks.Hidden} classes are named, the others grey." : "";
        string shown = marks.Points.Count < plot.Points.Count
            ? $"{Text.Fixed(marks.Points.Count, 0)} of {Text.Fixed(plot.Points.Count, 0)} samples, evenly chosen."
            : $"{Text.Fixed(marks.Points.Count, 0)} samples.";
        if (plot.Dimension == 2)
        {
            string circle = $"{name}: samples stand {Text.Degrees(CircleFigure.Tightness(plot))} from their class mean";
            string rays = plot.Prototypes.Count > 0 ? " Rays: prototypes." : "";
            page.Figure(
                CircleFigure.Render(page.NextId(), circle, plot, peak), circle, "D = 2: the embedding itself, on its circle",
                $"{shown} Inside the circle: samples; outside: how many there are at each angle, on one scale for all runs.{rays}{many}");
            return;
        }

        double share = plot.Variance.First + plot.Variance.Second;
        string title = double.IsFinite(share) ? $"{name}: two of {plot.Dimension} dimensions show {Text.Percent(share, 0)} of the variance"
            : $"{name}: two of {plot.Dimension} dimensions";
        string crosses = plot.Prototypes.Count > 0 ? " Crosses: prototypes." : "";
        page.Figure(
            ScatterFigure.Render(page.NextId(), title, plot, extent), title, "normalised embeddings on their principal plane (PCA)",
            $"{shown} Names stand at class means.{crosses} Classes that overlap here may be apart in the other dimensions.{many}");
    }

    private static bool Lacks(ReportRun run) =>
        run.Embedding is not { } plot || !plot.Points.Any(p => double.IsFinite(p.X) && double.IsFinite(p.Y) && p.Label >= 0);
}
