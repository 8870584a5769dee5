namespace Hypersphere.Evaluation;

/// <summary>The pairs that mislead most: genuine ones with the lowest cosine and impostors with the highest, hardest first.</summary>
/// <remarks>Equal scores are ordered by rows, so the lists are the same on every run.</remarks>
/// <param name="Genuine">Pairs of one class, lowest cosine first.</param>
/// <param name="Impostor">Pairs of two classes, highest cosine first.</param>
public sealed record HardestPairs(IReadOnlyList<ScoredPair> Genuine, IReadOnlyList<ScoredPair> Impostor)
{
    /// <summary>The hardest of given pairs.</summary>
    /// <param name="pairs">[P].</param>
    /// <param name="scores">[P] as <see cref="Verification.Scores"/> gives them.</param>
    /// <param name="count">How many of each kind at most.</param>
    public static HardestPairs Among(VerificationPairs pairs, ReadOnlySpan<double> scores, int count)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ScoredPairs.Check(scores, pairs.Same);
        (PairShortlist genuine, PairShortlist impostor) = (new(count, lowest: true), new(count, lowest: false));
        for (int p = 0; p < scores.Length; p++)
        {
            (pairs.Same[p] ? genuine : impostor).Offer(new ScoredPair(pairs.First[p], pairs.Second[p], scores[p]));
        }

        return new HardestPairs(genuine.Items, impostor.Items);
    }

    /// <summary>The hardest of all pairs of a set. Exact up to the rounding of float32 cosines; memory is a block of
    /// similarities.</summary>
    /// <param name="set">[N,D]; a distractor is an impostor to every labelled sample, two distractors are no pair.</param>
    /// <param name="count">How many of each kind at most.</param>
    public static HardestPairs Of(EmbeddingSet set, int count)
    {
        ArgumentNullException.ThrowIfNull(set);
        (PairShortlist genuine, PairShortlist impostor) = (new(count, lowest: true), new(count, lowest: false));
        float[] unit = Vectors.Normalized(set.Values, set.Size);
        SimilarityBlocks.Visit(new InnerProducts(unit, unit, set.Size), _ => new Band(set.Labels, count, genuine, impostor), upper: true);
        return new HardestPairs(genuine.Items, impostor.Items);
    }

    private sealed class Band(int[] labels, int count, PairShortlist allGenuine, PairShortlist allImpostor) : ISimilarityBand
    {
        private readonly PairShortlist _genuine = new(count, lowest: true);
        private readonly PairShortlist _impostor = new(count, lowest: false);

        public void Add(in SimilarityBlock block)
        {
            for (int r = 0; r < block.Rows; r++)
            {
                int row = block.FirstRow + r;
                ReadOnlySpan<float> cosines = block.Row(r);
                for (int c = Math.Max(0, row + 1 - block.FirstColumn); c < cosines.Length; c++)
                {
                    int column = block.FirstColumn + c;
                    if ((labels[row] & labels[column]) >= 0)       // not two distractors
                    {
                        (labels[row] == labels[column] ? _genuine : _impostor).Offer(row, column, cosines[c]);
                    }
                }
            }
        }

        public void Complete()
        {
            lock (allGenuine)
            {
                allGenuine.Merge(_genuine);
                allImpostor.Merge(_impostor);
            }
        }
    }
}
