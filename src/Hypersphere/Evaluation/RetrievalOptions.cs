namespace Hypersphere.Evaluation;

/// <summary>How neighbours are ordered.</summary>
public enum NeighborOrder
{
    /// <summary>By the cosine of the angle, highest first.</summary>
    Cosine,

    /// <summary>By the Euclidean distance of the embeddings as given, lowest first.</summary>
    Euclidean,
}

/// <summary>What a mean over queries weighs alike.</summary>
public enum RetrievalAveraging
{
    /// <summary>Every query.</summary>
    Queries,

    /// <summary>Every class: the mean of its queries' means.</summary>
    Classes,
}

/// <summary>Choices of <see cref="Retrieval"/>.</summary>
public sealed record RetrievalOptions
{
    /// <summary>The K of Recall@K, each at least 1.</summary>
    public IReadOnlyList<int> RecallAt { get; init; } = [1, 2, 4, 8];

    /// <summary>How neighbours are ordered; ties go to the lower gallery row.</summary>
    public NeighborOrder Order { get; init; } = NeighborOrder.Cosine;

    /// <summary>What the means weigh alike.</summary>
    public RetrievalAveraging Averaging { get; init; } = RetrievalAveraging.Queries;

    /// <summary>Neighbours that MAP and MRR look at, <see cref="int.MaxValue"/> for the whole gallery; 0 leaves the two out and is
    /// faster.</summary>
    public int RankingDepth { get; init; }
}
