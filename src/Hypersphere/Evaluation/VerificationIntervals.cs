namespace Hypersphere.Evaluation;

/// <summary>A range of values.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Low, double High);

/// <summary>Confidence intervals of verification; null where the measure is undefined.</summary>
public sealed record VerificationIntervals
{
    /// <summary>Share of resamples inside each interval.</summary>
    public required double Confidence { get; init; }

    /// <summary>How many resamples were drawn.</summary>
    public required int Resamples { get; init; }

    /// <summary>Of the mean accuracy over the folds.</summary>
    public required Interval? Accuracy { get; init; }

    /// <summary>Of the area under the ROC curve.</summary>
    public required Interval? Auc { get; init; }

    /// <summary>Of the equal error rate.</summary>
    public required Interval? Eer { get; init; }

    /// <summary>Of the true accept rate at each false accept rate.</summary>
    public required IReadOnlyDictionary<double, Interval?> TarAtFar { get; init; }
}
