using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Running;

/// <summary>A page about verification in ten folds: curves, angles, and the pairs that the model gets most wrong.</summary>
internal static class LfwPage
{
    internal static readonly Dictionary<ReportPart, string> Missing = new()
    {
        [ReportPart.Training] = "the model was measured, not trained, by this command",
        [ReportPart.Embedding] = "verification compares pairs of people, too many to tell apart in a picture",
        [ReportPart.Pairs] = "embeddings were measured, without their images",
    };

    /// <summary>Writes the page.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="command">The command line that gives it again.</param>
    /// <param name="results">Plain and flip-summed, or what there is.</param>
    /// <param name="subject">What was measured.</param>
    /// <param name="samples">The samples that the pairs name.</param>
    public static void Write(
        string path, string command, List<(string Name, LfwProtocol Result)> results, EvaluationSubject subject, int[] samples)
    {
        ImageSource? images = subject.Images?.Subset(samples);
        HtmlReport.Write(
            new ReportData
            {
                Title = $"Verification of {Path.GetFileName(subject.Origin.TrimEnd('/'))}",
                Data = $"{results[0].Result.Verification.Pairs.Count:N0} pairs of {samples.Length:N0} images, 10 folds",
                Runs = [.. Enumerable.Reverse(results).Select((r, i) => Describe(r.Name, r.Result, images) with { Baseline = i == 1 })],
                Primary = "verification_accuracy",
                Command = command,
                Environment = [.. Machine.Facts(), new("data", subject.Origin)],
            },
            path);
    }

    private static ReportRun Describe(string name, LfwProtocol result, ImageSource? images)
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
            Folds = Folds(result),
            Rates = RunReport.Rates(v.Curve),
            HardestGenuine = images is null ? [] : RunReport.Show([.. pairs.Where((_, i) => v.Pairs.Same[i]).OrderBy(p => p.Score)], images, images.ClassNames),
            HardestImpostor = images is null ? [] : RunReport.Show([.. pairs.Where((_, i) => !v.Pairs.Same[i]).OrderByDescending(p => p.Score)], images, images.ClassNames),
            Missing = Missing,
        };
    }

    /// <summary>By insightface's rule; its thresholds are squared distances 2 − 2·cos θ.</summary>
    private static FoldAngles[] Folds(LfwProtocol result)
    {
        (VerificationResult v, FoldAccuracy accuracy) = (result.Verification, result.InsightFace.Accuracy);
        return [.. accuracy.Folds.Select((share, f) =>
        {
            (int start, int length) = Verification.Fold(v.Scores.Length, accuracy.Folds.Length, f).GetOffsetAndLength(v.Scores.Length);
            (AngleHistogram genuine, AngleHistogram impostor) = AngleHistogram.FromScores(v.Scores.AsSpan(start, length), v.Pairs.Same.AsSpan(start, length));
            double threshold = Math.Acos(Math.Clamp(1 - (accuracy.Thresholds[f] / 2), -1, 1)) * (180 / Math.PI);
            return new FoldAngles(new PairAngles(genuine.Counts, impostor.Counts, threshold, double.NaN), share);
        })];
    }
}
