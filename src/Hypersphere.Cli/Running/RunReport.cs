using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Formats;
using Hypersphere.Losses;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Running;

/// <summary>Turns finished runs into what the report shows.</summary>
internal static class RunReport
{
    public const string FileName = "report.html";
    private const int HardPairs = 8, HardPairCandidates = 1000, CurveResolution = 1000, ManyPoints = 5000;

    /// <summary>Writes report.html of one or more runs that were measured on the same images.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="title">What was done.</param>
    /// <param name="command">The command line that gives it again.</param>
    /// <param name="runs">The first is the one that matters; the second, if any, is what it is compared with.</param>
    /// <param name="train">Training images.</param>
    /// <param name="test">Images that were measured.</param>
    /// <param name="classNames">What people call the classes; null: as the images do.</param>
    /// <returns>Its path.</returns>
    public static string Write(
        string folder, string title, string command, IReadOnlyList<TrainedRun> runs, ImageSource train, ImageSource test,
        IReadOnlyList<string>? classNames = null)
    {
        string path = Path.Combine(folder, FileName);
        HtmlReport.Write(
            new ReportData
            {
                Title = title,
                Data = $"{new DatasetSummary(train)}; measured on {test.Count:N0} images that it was not trained on",
                Runs = [.. runs.Select((run, i) => Describe(run, train, test, classNames ?? test.ClassNames) with { Baseline = i == 1 })],
                Margins = [.. runs.SelectMany(r => r.Model.Loss is MarginSoftmaxLoss loss ? MarginCurves.Of(loss, r.Options.Loss) : [])],
                Command = command,
                Environment = [.. Machine.Facts(), new("seed", $"{runs[0].Options.Seed}"), new("data", train.Origin)],
            },
            path);
        return path;
    }

    private static IReadOnlyDictionary<ReportPart, string> NoPairs { get; } = new[] { ReportPart.Angles, ReportPart.Rates }
        .ToDictionary(part => part, _ => "the test images are too few to form pairs of the same and of different classes");

    private static ReportRun Describe(TrainedRun run, ImageSource train, ImageSource test, IReadOnlyList<string> classNames)
    {
        HardestPairs? hardest = run.Test is { } set ? HardestPairs.Of(set, HardPairCandidates) : null;
        return new ReportRun
        {
            Name = run.Name,
            Spec = run.Options.Loss,
            Metrics = [.. RunMetrics.Of(run)],
            Training = TrainingCurve.Read(run.Folder, Math.Max(1, train.Count / run.Options.Batch)),
            Angles = run.Result?.Verification is { } verification ? Histogram(verification) : null,
            Rates = run.Result?.Verification is { } measured ? Rates(measured.Curve) : [],
            Embedding = Plot(run, test, classNames),
            HardestGenuine = Show(hardest?.Genuine, test, classNames),
            HardestImpostor = Show(hardest?.Impostor, test, classNames),
            Missing = run.Result?.Verification is null ? NoPairs : new Dictionary<ReportPart, string>(),
        };
    }

    internal static PairAngles Histogram(VerificationResult verification) => Histogram(verification.Curve, verification.Genuine, verification.Impostor);

    internal static PairAngles Histogram(RocCurve curve, AngleHistogram genuine, AngleHistogram impostor)
    {
        int k = Array.FindIndex(curve.Far, 0, far => far > 0);
        while (k >= 0 && k < curve.Count - 1 && curve.Far[k] < 1 - curve.Tar[k])
        {
            k++;
        }

        double threshold = k < 0 ? double.NaN : Math.Acos(Math.Clamp(curve.Thresholds[k], -1, 1)) * 180 / Math.PI;
        return new(genuine.Counts, impostor.Counts, threshold, curve.Eer ?? double.NaN);
    }

    internal static RatePoint[] Rates(RocCurve curve)
    {
        RocCurve drawn = curve.Corners() is { Count: <= ManyPoints } exact ? exact : curve.Thinned(CurveResolution);
        return [.. drawn.Far.Select((far, k) => new RatePoint(far, 1 - drawn.Tar[k]))];
    }

    private static EmbeddingPlot? Plot(TrainedRun run, ImageSource test, IReadOnlyList<string> classNames)
    {
        bool sameClasses = test.ClassNames.SequenceEqual(run.Model.ClassNames);
        return run.Test is not { Size: >= 2 } set ? null : EmbeddingPlot.Project(
            set.Values, set.Size, set.Labels, classNames,
            sameClasses && run.Model.Loss is { PrototypesPerClass: 1, Prototypes: { } p } ? p.Value.Span : default);
    }

    internal static IReadOnlyList<HardPair> Show(IReadOnlyList<ScoredPair>? pairs, ImageSource test, IReadOnlyList<string> classNames) =>
        [.. EachImageOnce(pairs ?? []).Take(HardPairs).Select(pair => new HardPair(
            PngEncoder.Encode(test.Read(pair.First)), PngEncoder.Encode(test.Read(pair.Second)),
            classNames[test.Label(pair.First)], classNames[test.Label(pair.Second)],
            pair.Degrees, test.Name(pair.First), test.Name(pair.Second)))];

    /// <summary>Without pairs of an image that a harder pair shows: a single odd image would fill the page.</summary>
    private static IEnumerable<ScoredPair> EachImageOnce(IEnumerable<ScoredPair> pairs)
    {
        HashSet<int> shown = [];
        foreach (ScoredPair pair in pairs)
        {
            if (!shown.Contains(pair.First) && !shown.Contains(pair.Second))
            {
                shown.UnionWith([pair.First, pair.Second]);
                yield return pair;
            }
        }
    }
}
