namespace Hypersphere.Evaluation;

/// <summary>Scores with their kinds, sorted from the most alike down; equal scores keep their order.</summary>
internal readonly record struct ScoredPairs(double[] Scores, bool[] Same, int[] Index)
{
    public int Count => Scores.Length;

    public static ScoredPairs Descending(ReadOnlySpan<double> scores, ReadOnlySpan<bool> same)
    {
        Check(scores, same);
        double[] keys = new double[scores.Length];
        int[] order = new int[scores.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            (keys[i], order[i]) = (-scores[i], i);
        }

        // an unstable sort by score; runs of equal scores are then put back in order
        Array.Sort(keys, order);
        for (int from = 0, i = 1; i <= keys.Length; i++)
        {
            if (i == keys.Length || keys[i] != keys[from])
            {
                Array.Sort(order, from, i - from);
                from = i;
            }
        }

        double[] sorted = new double[keys.Length];
        bool[] kinds = new bool[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            (sorted[i], kinds[i]) = (scores[order[i]], same[order[i]]);
        }

        return new ScoredPairs(sorted, kinds, order);
    }

    public static void Check(ReadOnlySpan<double> scores, ReadOnlySpan<bool> same)
    {
        if (scores.Length != same.Length)
        {
            throw new InputException($"verification: {scores.Length} scores for {same.Length} pairs; give one score per pair");
        }

        for (int i = 0; i < scores.Length; i++)
        {
            if (double.IsNaN(scores[i]))
            {
                throw new InputException($"verification: the score of pair {i} is NaN; the embeddings are damaged: use another checkpoint");
            }
        }
    }
}
