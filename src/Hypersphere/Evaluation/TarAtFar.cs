namespace Hypersphere.Evaluation;

/// <summary>True accept rate at a bound on the false accept rate.</summary>
/// <param name="Far">The bound asked for.</param>
/// <param name="Tar">The largest true accept rate with FAR ≤ the bound; null where the bound is below 1 / impostors or a kind is
/// missing.</param>
/// <param name="AchievedFar">The false accept rate at that threshold.</param>
/// <param name="Threshold">Scores at or above it are accepted; null where nothing is.</param>
public readonly record struct TarAtFar(double Far, double? Tar, double? AchievedFar, double? Threshold);
