using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Pairs spread evenly over their distances: the same number from every bin of a histogram.</summary>
/// <remarks>The values of the positive pairs, from the least to the largest, fall into bins of one width; of every bin up to n pairs are
/// drawn without replacement; the negative pairs likewise (pytorch-metric-learning draws with replacement). Draws depend on the seed, the
/// step and the anchor alone. Time N·M, memory N·M and bins·n.</remarks>
/// <param name="bins">Number of bins.</param>
/// <param name="positives">Positive pairs of a bin.</param>
/// <param name="negatives">Negative pairs of a bin.</param>
[Component(
    "uniform-histogram", Summary = "pairs drawn evenly over their distances", Equation = "n pairs of every bin between the least and the largest value",
    Paper = "as in pytorch-metric-learning")]
public sealed class UniformHistogramMiner(
    [Range(1, 100000), Description("bins of the histogram")] int bins = 100,
    [Range(1, 100000), Description("positive pairs of a bin")] int positives = 10,
    [Range(1, 100000), Description("negative pairs of a bin")] int negatives = 10)
    : PairMiner
{
    /// <summary>Number of bins.</summary>
    public int Bins { get; } = bins;

    /// <summary>Positive pairs of a bin.</summary>
    public int Positives { get; } = positives;

    /// <summary>Negative pairs of a bin.</summary>
    public int Negatives { get; } = negatives;

    /// <inheritdoc/>
    protected override void Choose(PairBatch batch, PairChoice keep)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(keep);
        List<(int Anchor, int Other)> same = Draw(batch, Relation.Positive, Positives), other = Draw(batch, Relation.Negative, Negatives);
        for (int i = 0; i < batch.Anchors; i++)
        {
            keep[i].Clear();
        }

        same.ForEach(p => keep[p.Anchor][p.Other] = Relation.Positive);
        other.ForEach(n => keep[n.Anchor][n.Other] = Relation.Negative);
    }

    /// <summary>Of every bin the pairs with the smallest random numbers.</summary>
    private List<(int Anchor, int Other)> Draw(PairBatch batch, Relation relation, int most)
    {
        (float low, float high) = Range(batch, relation);
        PriorityQueue<(int, int), ulong>[] chosen = [.. Enumerable.Range(0, Bins).Select(_ => new PriorityQueue<(int, int), ulong>(Descending))];
        for (int i = 0; i < batch.Anchors; i++)
        {
            Rng random = batch.Random.Fork("uniform-histogram", i);
            ReadOnlySpan<float> values = batch.Values(i);
            ReadOnlySpan<Relation> relations = batch.Relations(i);
            for (int j = 0; j < values.Length; j++)
            {
                if (relations[j] == relation)
                {
                    double place = high > low ? ((double)values[j] - low) / ((double)high - low) : 0;
                    PriorityQueue<(int, int), ulong> bin = chosen[Math.Clamp((int)(place * Bins), 0, Bins - 1)];
                    if (bin.Count < most)
                    {
                        bin.Enqueue((i, j), random.NextBits());
                    }
                    else
                    {
                        bin.EnqueueDequeue((i, j), random.NextBits());
                    }
                }
            }
        }

        return [.. chosen.SelectMany(b => b.UnorderedItems.Select(c => c.Element))];
    }

    private static Comparer<ulong> Descending { get; } = Comparer<ulong>.Create((a, b) => b.CompareTo(a));

    private static (float Low, float High) Range(PairBatch batch, Relation relation)
    {
        (float low, float high) = (float.PositiveInfinity, float.NegativeInfinity);
        for (int i = 0; i < batch.Anchors; i++)
        {
            ReadOnlySpan<float> values = batch.Values(i);
            ReadOnlySpan<Relation> relations = batch.Relations(i);
            for (int j = 0; j < values.Length; j++)
            {
                (low, high) = relations[j] == relation ? (Math.Min(low, values[j]), Math.Max(high, values[j])) : (low, high);
            }
        }

        return (low, high);
    }
}
