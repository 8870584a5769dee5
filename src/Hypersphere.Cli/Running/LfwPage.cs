using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Running;

/// <summary>A page about verification in ten folds: curves, angles, and the pairs that the model gets most wrong.</summary>
internal static class LfwPage
{
    private static readonly Dictionary<ReportPart, string> Missing = new()
    {
        [ReportPart.Training] = "the model was measured, not trained, by this command",
        [ReportPart.Embedding] = "verification compares pairs of people, too many to tell apart in a picture",
    };

    /// <summary>Writes the page.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="title">What was measured.</param>
    /// <param name="command">The command line that gives it again.</param>
    /// <param name="results">Plain and flip-summed.</param>
    /// <param name="images">The images that the pairs name.</param>
    public static void Write(string path, string title, string command, LfwProtocol[] results, ImageSource images) => HtmlReport.Write(
        new ReportData
        {
            Title = title,
            Data = $"{results[0].Verification.Pairs.Count:N0} pairs of {images.Count:N0} images, 10 folds",
            Runs = [Describe("flip-summed", results[1], images), Describe("plain", results[0], images) with { Baseline = true }],
            Primary = "verification_accuracy",
            Command = command,
            Environment = [.. Machine.Facts(), new("data", images.Origin)],
        },
        path);

    private static ReportRun Describe(string name, LfwProtocol result, ImageSource images)
    {
        VerificationResult v = result.Verification;
        IEnumerable<ScoredPair> pairs = Enumerable.Range(0, v.Scores.Length)
            .Select(i => new ScoredPair(v.Pairs.First[i], v.Pairs.Second[i], v.Scores[i]));
        return new ReportRun
        {
            Name = name,
            Metrics =
            [
                new("verification_accuracy", result.InsightFace.Accuracy.Mean, result.InsightFace.Accuracy.Std),
                .. result.TarAtFar.Where(t => t.Far is 1e-2 or 1e-3).Select(t => new Metric(FormattableString.Invariant($"tar_at_far_{t.Far:0e-0}"), t.Tar!.Value)),
                new("eer", v.Curve.Eer!.Value), new("auc", v.Curve.Auc!.Value),
            ],
            Angles = RunReport.Histogram(v),
            Rates = RunReport.Rates(v.Curve),
            HardestGenuine = RunReport.Show([.. pairs.Where((_, i) => v.Pairs.Same[i]).OrderBy(p => p.Score)], images, images.ClassNames),
            HardestImpostor = RunReport.Show([.. pairs.Where((_, i) => !v.Pairs.Same[i]).OrderByDescending(p => p.Score)], images, images.ClassNames),
            Missing = Missing,
        };
    }
}
