namespace Hypersphere.Reports;

/// <summary>The pairs of one fold of a verification protocol.</summary>
/// <param name="Angles">Angles of its pairs, with the threshold that the other folds chose.</param>
/// <param name="Accuracy">Share of its pairs that the threshold tells right, 0 … 1.</param>
public sealed record FoldAngles(PairAngles Angles, double Accuracy);
