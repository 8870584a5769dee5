namespace Hypersphere.Evaluation;

/// <summary>Two identities whose images resemble each other so much that they may be one person.</summary>
/// <param name="First">Name of one.</param>
/// <param name="Second">Name of the other.</param>
/// <param name="Score">Cosine between their mean directions, in [−1, 1].</param>
public readonly record struct AlikeIdentities(string First, string Second, double Score)
{
    /// <summary>Identities of one set that resemble some of another, such as people of a test set among those to train on. Cost 2·A·B·D
    /// flops for A and B identities.</summary>
    /// <param name="first">Embeddings with labels; negative labels are passed over.</param>
    /// <param name="firstNames">The name of every label.</param>
    /// <param name="second">The other set's, from the same network.</param>
    /// <param name="secondNames">The name of every label of it.</param>
    /// <param name="score">The lowest cosine to report.</param>
    /// <returns>Most alike first.</returns>
    /// <exception cref="InputException">The embeddings have different sizes.</exception>
    public static IReadOnlyList<AlikeIdentities> Between(
        EmbeddingSet first, IReadOnlyList<string> firstNames, EmbeddingSet second, IReadOnlyList<string> secondNames, double score)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return first.Size == second.Size
            ? Find(Centers(first, firstNames.Count), firstNames, Centers(second, secondNames.Count), secondNames, first.Size, score, within: false)
            : throw new InputException($"identities: embeddings of {first.Size} and of {second.Size} numbers cannot be compared; both must come from one model.");
    }

    /// <summary>Identities of one set that resemble each other, such as a person filed under two names.</summary>
    /// <param name="set">Embeddings with labels; negative labels are passed over.</param>
    /// <param name="names">The name of every label.</param>
    /// <param name="score">The lowest cosine to report.</param>
    /// <returns>Most alike first, each pair once.</returns>
    public static IReadOnlyList<AlikeIdentities> Within(EmbeddingSet set, IReadOnlyList<string> names, double score)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(names);
        float[] centers = Centers(set, names.Count);
        return Find(centers, names, centers, names, set.Size, score, within: true);
    }

    private static AlikeIdentities[] Find(
        float[] left, IReadOnlyList<string> leftNames, float[] right, IReadOnlyList<string> rightNames, int size, double score, bool within)
    {
        List<AlikeIdentities>[] found = [.. leftNames.Select(_ => new List<AlikeIdentities>())];
        void Add(int row, int column, float cosine)
        {
            if (cosine >= score && (!within || column > row))
            {
                found[row].Add(new(leftNames[row], rightNames[column], Math.Min(cosine, 1)));
            }
        }

        SimilarityBlocks.Visit(new InnerProducts(left, right, size), _ => new Band(Add), upper: within);
        return [.. found.SelectMany(f => f).OrderByDescending(f => f.Score)];
    }

    /// <summary>[C, D] mean direction of every label's embeddings, each of length 1 first; zero where there are none.</summary>
    private static float[] Centers(EmbeddingSet set, int classes)
    {
        EmbeddingSet unit = set.Normalized();
        float[] sums = new float[checked(classes * set.Size)];
        for (int i = 0; i < set.Count; i++)
        {
            if (set.Labels[i] >= 0)
            {
                Span<float> sum = sums.AsSpan(set.Labels[i] * set.Size, set.Size);
                System.Numerics.Tensors.TensorPrimitives.Add(sum, unit.Row(i), sum);
            }
        }

        return Vectors.Normalized(sums, set.Size);
    }

    private sealed class Band(Action<int, int, float> add) : ISimilarityBand
    {
        public void Add(in SimilarityBlock block)
        {
            for (int r = 0; r < block.Rows; r++)
            {
                ReadOnlySpan<float> cosines = block.Row(r);
                for (int c = 0; c < cosines.Length; c++)
                {
                    add(block.FirstRow + r, block.FirstColumn + c, cosines[c]);
                }
            }
        }

        public void Complete()
        {
        }
    }
}
