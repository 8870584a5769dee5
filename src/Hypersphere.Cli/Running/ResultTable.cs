using System.Globalization;
using Hypersphere.Evaluation;

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

    private static string Percent(double? share) => share is { } s ? string.Create(CultureInfo.InvariantCulture, $"{100 * s:0.0} %") : "–";
}
