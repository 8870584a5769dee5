namespace Hypersphere.Evaluation;

/// <summary>Verification over every pair of a set, without a list of pairs.</summary>
public static class AllPairs
{
    /// <summary>Scores are counted in steps of 1 / 32768 of the cosine.</summary>
    internal const int Steps = 1 << 16;

    /// <summary>ROC and angles over all N(N−1)/2 pairs.</summary>
    /// <remarks>The curve is the exact one of cosines rounded down to steps of 1/32768, its thresholds are those steps, and
    /// <see cref="AllPairsResult.AucError"/> bounds what rounding does to the AUC. Memory is a block of similarities; cost N²·D
    /// flops.</remarks>
    /// <param name="set">[N,D]; a distractor is an impostor to every labelled sample, two distractors are no pair.</param>
    public static AllPairsResult Measure(EmbeddingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        float[] unit = Vectors.Normalized(set.Values, set.Size);
        var totals = new PairCounts();
        SimilarityBlocks.Visit(unit, unit, set.Size, true, (_, _) => new Band(set.Labels, totals));
        return new AllPairsResult(
            totals.Curve(), totals.AucError(), new AngleHistogram(totals.GenuineAngles), new AngleHistogram(totals.ImpostorAngles));
    }

    private sealed class Band(int[] labels, PairCounts totals) : ISimilarityBand
    {
        private readonly BandCounts _counts = totals.Rent();

        public void Add(in SimilarityBlock block)
        {
            for (int r = 0; r < block.Rows; r++)
            {
                int row = block.FirstRow + r;
                int from = Math.Max(0, row + 1 - block.FirstColumn);
                if (from < block.Columns)
                {
                    _counts.Add(block.Row(r)[from..], labels[row], labels.AsSpan(block.FirstColumn + from, block.Columns - from));
                }
            }
        }

        public void Complete() => totals.Return(_counts);
    }
}
