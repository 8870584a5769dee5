namespace Hypersphere.Reports.Sections;

/// <summary>Loss, own angle and learning rate over training, as small multiples.</summary>
internal static class TrainingSection
{
    public static void Write(Page page)
    {
        page.Section("training", "How training went", "");
        (ReportRun Run, int Style)[] runs = [.. page.Runs.Where(r => r.Run.Training.Count > 0)];
        if (runs.Length > 0)
        {
            page.Raw("<div class=\"grid three\">");
            Loss(page, runs);
            Angle(page, runs);
            Rate(page, runs);
            page.Raw("</div>");
        }

        page.MissingRuns(ReportPart.Training, r => r.Training.Count == 0, "the training curve was not recorded");
        page.EndSection();
    }

    private static void Loss(Page page, (ReportRun Run, int Style)[] runs)
    {
        IReadOnlyList<Series> series = Series(runs, p => p.Loss);
        if (Nothing(page, series, "Loss", "no finite loss was recorded"))
        {
            return;
        }

        int window = TrainingFigure.Window(runs[0].Run.Training.Count);
        string finding = "Loss" + (runs.Length > 1 ? ": compare shapes, not heights" : $" ends at {End(series[0])}");
        string thin = runs.Length <= TrainingFigure.MostThin ? "; thin: each step" : "";
        string note = window > 1 ? $"Bold: mean over {Text.Fixed(window, 0)} recorded steps{thin}." : "";
        string svg = TrainingFigure.Render(
            page.NextId(), finding, series, smooth: true, XTitle(runs), (low, high) =>
                Axis.Linear(Math.Min(0, low), high, "loss, nats", ticks: 4, round: true), Text.Short);
        page.Figure(svg, finding, "nats, mean over the batch", note);
    }

    private static void Angle(Page page, (ReportRun Run, int Style)[] runs)
    {
        IReadOnlyList<Series> series = Series(runs, p => p.OwnAngle);
        if (Nothing(page, series, "Angle to the own prototype", "the loss has no prototypes"))
        {
            return;
        }

        string finding = "Samples close in on their prototypes";
        var moves = series.Select(s => (First: s.Points.First(p => double.IsFinite(p.Y)).Y, Last: s.End!.Value.Y)).ToArray();
        finding = moves.All(m => m.Last < m.First) ? finding : "Angle to the own prototype";
        string svg = TrainingFigure.Render(
            page.NextId(), finding, series, smooth: true, XTitle(runs),
            (low, high) => Axis.Linear(Math.Min(0, low), high, "own angle", ValueFormat.Degrees, 4), v => Text.Degrees(v));
        page.Figure(svg, finding, "mean angle of the batch to the own prototypes");
    }

    private static void Rate(Page page, (ReportRun Run, int Style)[] runs)
    {
        IReadOnlyList<Series> series = Series(runs, p => p.LearningRate);
        if (Nothing(page, series, "Learning rate", "it was not recorded"))
        {
            return;
        }

        bool same = runs.Length > 1 && runs.All(r =>
            r.Run.Training.Select(p => (p.Step, p.LearningRate)).SequenceEqual(runs[0].Run.Training.Select(p => (p.Step, p.LearningRate))));
        series = same ? [series[0] with { Name = "all runs" }] : series;
        double peak = series.SelectMany(s => s.Points).Select(p => p.Y).Where(double.IsFinite).Max();
        string finding = $"Learning rate peaks at {Text.Short(peak)}";
        string svg = TrainingFigure.Render(
            page.NextId(), finding, series, smooth: false, XTitle(runs), (_, high) =>
                Axis.Linear(0, high, "learning rate", ticks: 4, round: true));
        page.Figure(svg, finding, same ? "the same schedule for every run" : "as used at each step");
    }

    private static bool Nothing(Page page, IReadOnlyList<Series> series, string what, string why)
    {
        if (series.Count > 0)
        {
            return false;
        }

        page.Missing(what, why);
        return true;
    }

    private static bool ByEpoch((ReportRun Run, int Style)[] runs) =>
        runs.All(r => r.Run.Training.All(p => double.IsFinite(p.Epoch))) && runs.Max(r => r.Run.Training[^1].Epoch) > 2.5;

    private static string XTitle((ReportRun Run, int Style)[] runs) => ByEpoch(runs) ? "epoch" : "step";

    private static IReadOnlyList<Series> Series((ReportRun Run, int Style)[] runs, Func<TrainingPoint, double> value)
    {
        bool epochs = ByEpoch(runs);
        return [.. runs.Select(r => new Series(r.Run.Name, [.. r.Run.Training.Select(p => (epochs ? p.Epoch : p.Step, value(p)))], r.Style))
            .Where(s => s.End is not null)];
    }

    private static string End(Series series) => Text.Short(series.End!.Value.Y);
}
