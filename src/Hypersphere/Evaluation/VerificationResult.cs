namespace Hypersphere.Evaluation;

/// <summary>What verification over a list of pairs came to.</summary>
public sealed record VerificationResult
{
    /// <summary>The pairs.</summary>
    public required VerificationPairs Pairs { get; init; }

    /// <summary>[P] cosine of each pair.</summary>
    public required double[] Scores { get; init; }

    /// <summary>Accuracy over ten contiguous folds; null for fewer than ten pairs.</summary>
    public required FoldAccuracy? Accuracy { get; init; }

    /// <summary>ROC over all pairs, with AUC, EER and TAR@FAR.</summary>
    public required RocCurve Curve { get; init; }

    /// <summary>Angles of the genuine pairs, bins of 1°.</summary>
    public required AngleHistogram Genuine { get; init; }

    /// <summary>Angles of the impostor pairs, bins of 1°.</summary>
    public required AngleHistogram Impostor { get; init; }
}
