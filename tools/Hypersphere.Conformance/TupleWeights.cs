namespace Hypersphere.Conformance;

/// <summary>What pytorch-metric-learning makes of a miner's tuples in a loss with prototypes: factors of the rows' losses.</summary>
internal static class TupleWeights
{
    private static readonly string[] _indices = ["idx_a", "idx_p", "idx_n", "idx_a1", "idx_a2"];

    /// <summary>How often each row occurs, the most frequent being 1; null where there are no tuples, so that every row counts.</summary>
    public static float[]? Of(Case input)
    {
        int[] rows = [.. _indices.Where(input.Has).SelectMany(input.Ints)];
        if (rows.Length == 0)
        {
            return null;
        }

        float[] weights = new float[input.Shape("embeddings")[0]];
        foreach (int row in rows)
        {
            weights[row]++;
        }

        float most = weights.Max();
        return Array.ConvertAll(weights, w => w / most);
    }
}
