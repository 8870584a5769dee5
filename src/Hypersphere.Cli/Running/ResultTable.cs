using System.Globalization;
using Hypersphere.Evaluation;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Running;

/// <summary>The few numbers that say how good an embedding is, one row a run.</summary>
internal static class ResultTable
{
    public static IEnumerable<string> Lines(IEnumerable<(string Name, EvaluationResult Result)> runs) => TextTable.Lines(
        ["", "precision@1", "verification", "TAR@FAR 1e-2", "EER", "own angle"],
        runs.Select(run => (string[])
        [
            run.Name,
            Percent(run.Result.Retrieval.PrecisionAt1),
            run.Result.Verification?.Accuracy is { } folds ? $"{100 * folds.Mean:0.0} ± {100 * folds.Std:0.0} %" : "–",
            Percent(run.Result.Verification?.Curve.TarAt(1e-2).Tar),
            Percent(run.Result.Verification?.Curve.Eer),
            run.Result.Angles.OwnPrototype is { } angle ? string.Create(CultureInfo.InvariantCulture, $"{angle:0.0}°") : "–",
        ]));

    /// <summary>Means over seeds with their standard deviation; the best is marked where it exceeds the spread.</summary>
    public static IEnumerable<string> Lines(ComparisonData data)
    {
        string[] keys = ["precision_at_1", "verification_accuracy", "tar_at_far_1e-2", "eer", "angle_to_prototype_deg"];
        bool marked = keys.Any(key => data.Best(key) is not null);
        return TextTable.Lines(
            ["", "precision@1", "verification", "TAR@FAR 1e-2", "EER", "own angle"],
            data.Losses.Select(loss => (string[])[loss.Name, .. keys.Select(key =>
                Show(loss.Mean(key), key) + (data.Best(key) == loss ? " *" : marked ? "  " : ""))]))
            .Append(marked ? "* better than every other loss by more than the spread over the seeds" : "")
            .Where(line => line.Length > 0);
    }

    private static string Show(Metric? mean, string key)
    {
        if (mean is null)
        {
            return "–";
        }

        (double factor, string unit) = key.EndsWith("_deg", StringComparison.Ordinal) ? (1, "°") : (100, " %");
        string spread = mean.Spread is { } s ? string.Create(CultureInfo.InvariantCulture, $" ± {factor * s:0.0}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{factor * mean.Value:0.0}") + spread + unit;
    }

    private static string Percent(double? share) => share is { } s ? string.Create(CultureInfo.InvariantCulture, $"{100 * s:0.0} %") : "–";
}
