namespace Hypersphere.Evaluation;

/// <summary>What <see cref="AllPairs.Measure"/> found.</summary>
/// <param name="Curve">ROC over all pairs, of cosines rounded down to steps of 1/32768.</param>
/// <param name="AucError">Bound on the difference to the AUC of unrounded scores: half the share of genuine–impostor comparisons that
/// fall into one step; null without a curve.</param>
/// <param name="Genuine">Angles of genuine pairs, bins of 1°.</param>
/// <param name="Impostor">Angles of impostor pairs, bins of 1°.</param>
public sealed record AllPairsResult(RocCurve Curve, double? AucError, AngleHistogram Genuine, AngleHistogram Impostor);
