namespace Hypersphere.Evaluation;

/// <summary>How well neighbours share the query's class (Musgrave et al., "A metric learning reality check", ECCV 2020). R is the number of
/// gallery samples of the query's class, the query itself not counted. All in [0, 1]; null where no query counts.</summary>
public sealed record RetrievalResult
{
    /// <summary>Queries that count: those with R ≥ 1.</summary>
    public required int Queries { get; init; }

    /// <summary>Queries left out because the gallery has no other sample of their class, or they have no class.</summary>
    public required int Excluded { get; init; }

    /// <summary>Share of queries whose nearest neighbour is of their class.</summary>
    public required double? PrecisionAt1 { get; init; }

    /// <summary>Mean share of the R nearest neighbours that are of the query's class.</summary>
    public required double? RPrecision { get; init; }

    /// <summary>MAP@R: mean of (1/R) Σ_{i≤R} P(i)·rel(i), P(i) the precision among the i nearest, rel(i) 1 where neighbour i is of the
    /// class.</summary>
    public required double? MapAtR { get; init; }

    /// <summary>Share of queries with at least one of their class among the K nearest, for each K asked for.</summary>
    public required IReadOnlyDictionary<int, double?> RecallAt { get; init; }

    /// <summary>MAP over <see cref="RetrievalOptions.RankingDepth"/> neighbours: mean of (1/R) Σᵢ P(i)·rel(i); null if that is 0.</summary>
    public double? MeanAveragePrecision { get; init; }

    /// <summary>Mean of 1 / rank of the first neighbour of the class, 0 where none is within
    /// <see cref="RetrievalOptions.RankingDepth"/>.</summary>
    public double? MeanReciprocalRank { get; init; }
}
