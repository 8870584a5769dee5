using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>All positives of an anchor against all its negatives, each side a smooth maximum.</summary>
/// <remarks>ℓᵢ = [ log Σ_p e^{d_ip − m⁺} + log Σ_n e^{m⁻ − d_in} ]₊, mean over the anchors; a side without pairs counts 0. Hermans et al.,
/// In defense of the triplet loss, arXiv:1703.07737 (after Song et al.). With a similarity s − m⁻ and m⁺ − s. Nothing is detached; at the
/// kink the slope is 0. Distances of duplicates are 0 and get no gradient. Time N·M exponentials; memory 2·N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="negativeMargin">m⁻, in units of the distance.</param>
/// <param name="positiveMargin">m⁺.</param>
[Component(
    "generalized-lifted-structure", Summary = "smooth maxima of all positives and all negatives of an anchor",
    Equation = "ℓᵢ = [log Σₚ e^{d⁺ − m⁺} + log Σₙ e^{m⁻ − d⁻}]₊", Paper = "Hermans et al., In defense of the triplet loss, arXiv:1703.07737",
    Peers = "pytorch-metric-learning's GeneralizedLiftedStructureLoss",
    Cost = "6·N·M·D flops and 2·N·M exponentials; 2·N·M numbers and N·M bytes")]
public sealed class GeneralizedLiftedStructure(
    LossContext context,
    [Range(-100, 100), Description("margin m⁻ of negative pairs, in units of the distance")] float negativeMargin = 1,
    [Range(-100, 100), Description("margin m⁺ of positive pairs")] float positiveMargin = 0)
    : AnchorLoss(context, new LpDistance(), new MeanReduction())
{
    /// <summary>m⁻.</summary>
    public float NegativeMargin { get; } = negativeMargin;

    /// <summary>m⁺.</summary>
    public float PositiveMargin { get; } = positiveMargin;

    /// <inheritdoc/>
    protected override double Term(PairBatch batch, int anchor)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int sign = batch.Distance.Sign;
        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        LogSumExp positives = LogSumExp.Of(values, relations, Relation.Positive, sign);
        LogSumExp negatives = LogSumExp.Of(values, relations, Relation.Negative, -sign);
        double loss = (positives.IsEmpty ? 0 : positives.Value - (sign * PositiveMargin))
            + (negatives.IsEmpty ? 0 : negatives.Value + (sign * NegativeMargin));
        if (!(loss > 0))
        {
            return 0;
        }

        positives.Shares(values, relations, Relation.Positive, sign, sign, batch.Gradients(anchor));
        negatives.Shares(values, relations, Relation.Negative, -sign, -sign, batch.Gradients(anchor));
        return loss;
    }
}
