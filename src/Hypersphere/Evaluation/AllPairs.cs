namespace Hypersphere.Evaluation;

/// <summary>Verification over every pair of a set, without a list of pairs.</summary>
public static class AllPairs
{
    /// <summary>ROC and angles over all N(N−1)/2 pairs.</summary>
    /// <remarks>The curve is the exact one of cosines rounded down to steps of 1/32768, its thresholds are those steps, and
    /// <see cref="AllPairsResult.AucError"/> bounds what rounding does to the AUC. Memory: two copies of the set, and a block of
    /// similarities and 1 MiB of counts a thread; cost N²·D flops.</remarks>
    /// <param name="set">[N,D]; a distractor is an impostor to every labelled sample, two distractors are no pair.</param>
    public static AllPairsResult Measure(EmbeddingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);

        // one class after the other and distractors last: what follows a row in its class is genuine, all behind that is not
        ClassIndex classes = new(set.Labels);
        int[] order = [.. classes.Samples, .. Enumerable.Range(0, set.Count).Where(i => set.Labels[i] < 0)];
        float[] unit = Vectors.Normalized(set.Rows(order).Values, set.Size);
        int[] ends = [.. classes.Samples.Select(i => classes.Start[classes.Of[i] + 1])];
        InnerProducts cosines = new(unit, unit, set.Size, rows: ends.Length);
        var totals = new PairCounts();
        SimilarityBlocks.Visit(cosines, _ => new Band(ends, totals), upper: true);
        return totals.Result();
    }

    private sealed class Band(int[] ends, PairCounts totals) : ISimilarityBand
    {
        private readonly (CosineCounts Genuine, CosineCounts Impostor) _counts = totals.Rent();

        public void Add(in SimilarityBlock block)
        {
            for (int r = 0; r < block.Rows; r++)
            {
                int row = block.FirstRow + r;
                _counts.Genuine.Add(block.Row(r, row + 1, ends[row]));
                _counts.Impostor.Add(block.Row(r, ends[row], int.MaxValue));
            }
        }

        public void Complete() => totals.Return(_counts);
    }
}
