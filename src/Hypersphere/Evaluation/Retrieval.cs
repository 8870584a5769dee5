namespace Hypersphere.Evaluation;

/// <summary>Nearest-neighbour retrieval: precision@1, R-precision, MAP@R, Recall@K; MAP and MRR on demand.</summary>
/// <remarks>Exhaustive and exact. Memory is a block of similarities and the running best neighbours of a band of queries; the N×G matrix
/// never exists. Cost 2·N·G·D flops and about R·log R per query. The same bits for any number of threads.</remarks>
public static class Retrieval
{
    /// <summary>Every sample is a query against all the others (leave-one-out).</summary>
    /// <param name="set">The embeddings; distractors are in the gallery but are no queries.</param>
    /// <param name="options">Choices, or null for the defaults.</param>
    public static RetrievalResult Evaluate(EmbeddingSet set, RetrievalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        int[] self = new int[set.Count];
        for (int i = 0; i < self.Length; i++)
        {
            self[i] = i;
        }

        return Evaluate(set, set, options, self);
    }

    /// <summary>Queries against a gallery.</summary>
    /// <param name="queries">The probes.</param>
    /// <param name="gallery">What is searched, embeddings of the same size.</param>
    /// <param name="options">Choices, or null for the defaults.</param>
    /// <param name="self">[queries] the gallery row that is the query itself and is passed over, -1 for none; null if no query is in the
    /// gallery.</param>
    /// <exception cref="InputException">The embeddings differ in size, or <paramref name="self"/> in length.</exception>
    public static RetrievalResult Evaluate(
        EmbeddingSet queries, EmbeddingSet gallery, RetrievalOptions? options = null, int[]? self = null)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        options ??= new RetrievalOptions();
        if (queries.Size != gallery.Size)
        {
            throw new InputException($"retrieval: queries have {queries.Size} dimensions but the gallery {gallery.Size}; "
                + "embed both with the same network");
        }

        if (self is not null && self.Length != queries.Count)
        {
            throw new InputException($"retrieval: {self.Length} own rows for {queries.Count} queries; give one per query, -1 for none");
        }

        if (options.RecallAt.Any(k => k < 1) || options.RankingDepth < 0)
        {
            throw new InputException("retrieval: every K of Recall@K must be at least 1 and the ranking depth at least 0");
        }

        QueryScores scores = new(queries, gallery, self, options);
        Search.Run(Factors(queries, gallery, options.Order), scores);
        return scores.Summarize();
    }

    /// <summary>Matrices whose inner products order the gallery: unit rows, or for distances [q, 1] and [g, −|g|²/2].</summary>
    private static InnerProducts Factors(EmbeddingSet queries, EmbeddingSet gallery, NeighborOrder order)
    {
        if (order == NeighborOrder.Cosine)
        {
            float[] left = Vectors.Normalized(queries.Values, queries.Size);
            return new(left, ReferenceEquals(queries, gallery) ? left : Vectors.Normalized(gallery.Values, gallery.Size), queries.Size);
        }

        return new(Extended(queries, _ => 1), Extended(gallery, row => (float)(-Vectors.Dot(row, row) / 2)), queries.Size + 1);
    }

    private static float[] Extended(EmbeddingSet set, Func<float[], float> last)
    {
        int size = set.Size + 1;
        float[] result = new float[set.Count * size];
        for (int i = 0; i < set.Count; i++)
        {
            float[] row = set.Row(i).ToArray();
            row.CopyTo(result, i * size);
            result[(i * size) + set.Size] = last(row);
        }

        return result;
    }
}
