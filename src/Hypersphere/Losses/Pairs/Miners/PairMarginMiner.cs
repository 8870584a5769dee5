using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Positives farther than one margin, negatives nearer than another.</summary>
/// <remarks>d_p &gt; m⁺, d_n &lt; m⁻, both strictly; with a similarity s_p &lt; m⁺, s_n &gt; m⁻: the pairs whose contrastive loss is not 0.
/// Time and memory N·M.</remarks>
/// <param name="positiveMargin">m⁺, in units of the distance.</param>
/// <param name="negativeMargin">m⁻.</param>
[Component(
    "pair-margin", Summary = "positives beyond one margin, negatives inside another", Equation = "d_p > m⁺, d_n < m⁻",
    Paper = "as in pytorch-metric-learning; the non-zero terms of Hadsell et al., CVPR 2006")]
public sealed class PairMarginMiner(
    [Range(-100, 100), Description("margin m⁺ of positive pairs, in units of the distance")] float positiveMargin = 0.2f,
    [Range(-100, 100), Description("margin m⁻ of negative pairs")] float negativeMargin = 0.8f)
    : AnchorMiner
{
    /// <summary>m⁺.</summary>
    public float PositiveMargin { get; } = positiveMargin;

    /// <summary>m⁻.</summary>
    public float NegativeMargin { get; } = negativeMargin;

    /// <inheritdoc/>
    protected override void Choose(PairBatch batch, int anchor, Span<Relation> keep)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ReadOnlySpan<float> values = batch.Values(anchor);
        int sign = batch.Distance.Sign;
        for (int j = 0; j < keep.Length; j++)
        {
            bool chosen = keep[j] == Relation.Positive ? sign * values[j] > sign * PositiveMargin : sign * values[j] < sign * NegativeMargin;
            keep[j] = chosen ? keep[j] : Relation.None;
        }
    }
}
