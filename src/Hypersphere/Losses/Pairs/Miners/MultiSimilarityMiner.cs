using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Positives less similar than the most similar negative, negatives more similar than the least similar positive, by a slack
/// ε.</summary>
/// <remarks>Of an anchor: p with s_p − ε &lt; max s_n, n with s_n + ε &gt; min s_p. Wang et al., CVPR 2019, eq. 11 and 12. An anchor
/// without positives or without negatives gives no pair. With a distance the order is turned around. Time and memory N·M.</remarks>
/// <param name="epsilon">ε, in units of the similarity.</param>
[Component(
    "multi-similarity", Summary = "positives and negatives that overlap, by a slack", Equation = "s_p − ε < max s_n, s_n + ε > min s_p",
    Paper = "Wang et al., Multi-similarity loss with general pair weighting, CVPR 2019, eq. 11, 12")]
public sealed class MultiSimilarityMiner([Range(0, 100), Description("slack ε, in units of the similarity")] float epsilon = 0.1f)
    : AnchorMiner(new CosineSimilarity())
{
    /// <summary>ε.</summary>
    public float Epsilon { get; } = epsilon;

    /// <inheritdoc/>
    protected override void Choose(PairBatch batch, int anchor, Span<Relation> keep)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ReadOnlySpan<float> values = batch.Values(anchor);
        int sign = batch.Distance.Sign;
        (double farthest, double nearest) = (double.NegativeInfinity, double.PositiveInfinity);
        for (int j = 0; j < keep.Length; j++)
        {
            double distance = (double)sign * values[j];
            farthest = keep[j] == Relation.Positive ? Math.Max(farthest, distance) : farthest;
            nearest = keep[j] == Relation.Negative ? Math.Min(nearest, distance) : nearest;
        }

        for (int j = 0; j < keep.Length; j++)
        {
            double distance = (double)sign * values[j];
            bool chosen = keep[j] == Relation.Positive ? distance + Epsilon > nearest : distance - Epsilon < farthest;
            keep[j] = chosen ? keep[j] : Relation.None;
        }
    }
}
