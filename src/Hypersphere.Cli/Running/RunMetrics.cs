using Hypersphere.Evaluation;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Running;

/// <summary>The numbers of a run under the names of the report's glossary.</summary>
internal static class RunMetrics
{
    /// <summary>All that are finite, in the order of a report.</summary>
    public static IEnumerable<Metric> Of(TrainedRun run)
    {
        EvaluationResult? r = run.Result;
        FoldAccuracy? folds = r?.Verification?.Accuracy;
        RocCurve? curve = r?.Verification?.Curve;
        (string Key, double? Value, double? Spread)[] all =
        [
            ("verification_accuracy", folds?.Mean, folds?.Std), ("tar_at_far_1e-2", curve?.TarAt(1e-2).Tar, null),
            ("tar_at_far_1e-3", curve?.TarAt(1e-3).Tar, null), ("eer", curve?.Eer, Sampling(curve?.Eer, curve?.Genuine)), ("auc", curve?.Auc, null),
            ("precision_at_1", r?.Retrieval.PrecisionAt1, Sampling(r?.Retrieval.PrecisionAt1, r?.Retrieval.Queries)), ("r_precision", r?.Retrieval.RPrecision, null), ("map_at_r", r?.Retrieval.MapAtR, null),
            ("closed_set_accuracy", r?.ClosedSetAccuracy, Sampling(r?.ClosedSetAccuracy, r?.Samples)), ("angle_to_prototype_deg", r?.Angles.OwnPrototype, null),
            ("angle_to_centre_deg", r?.Angles.OwnCentre, null), ("centre_angle_nearest_deg", r?.Angles.NearestCentre, null),
            ("prototype_angle_min_deg", r?.Angles.PrototypeMin, null), ("prototype_angle_mean_deg", r?.Angles.PrototypeMean, null),
            ("final_loss", run.Timing.FinalLoss, null), ("epochs", run.Options.Epochs, null), ("train_seconds", run.Timing.Seconds, null),
            ("samples_per_second", run.Timing.SamplesPerSecond, null), ("tensor_mib", run.Timing.TensorBytes / (1 << 20), null),
            ("parameters", run.Model.Backbone.ParameterCount(), null),
        ];
        return all.Where(m => m.Value is { } v && double.IsFinite(v)).Select(m => new Metric(m.Key, m.Value!.Value, m.Spread));
    }

    /// <summary>Standard deviation of a share p of n drawn samples, √(p(1 − p)∕n).</summary>
    private static double? Sampling(double? share, long? count) => share is { } p && count is > 0 ? Math.Sqrt(p * (1 - p) / count.Value) : null;
}
