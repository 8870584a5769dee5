using Hypersphere.Ops;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Neighbourhood components: the probability that an anchor picks a neighbour of its class.</summary>
/// <remarks>ℓᵢ = −log( Σ_p e^{−k·d_ip} / Σ_{j≠i} e^{−k·d_ij} ), d the squared distance of unit vectors, mean over the anchors that have
/// positives. Goldberger et al., NIPS 2004, their second cost, the logarithm of the probability. Similarities count with the opposite sign.
/// Nothing is detached. An anchor without positives takes no part, one without negatives has loss 0. Time N·M exponentials; memory
/// 2·N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="scale">k, what distances are multiplied by in the softmax.</param>
[Component(
    "nca", Summary = "the probability of picking a neighbour of the own class",
    Equation = "ℓᵢ = −log( Σₚ e^{−k·d_ip} / Σ_{j≠i} e^{−k·d_ij} )",
    Paper = "Goldberger et al., Neighbourhood components analysis, NIPS 2004",
    Peers = "pytorch-metric-learning's NCALoss",
    Cost = "6·N·M·D flops and 2·N·M exponentials; 2·N·M numbers and N·M bytes")]
public sealed class Nca(
    LossContext context,
    [Range(0.001, 10000), Description("scale k of the distances in the softmax")] float scale = 1)
    : AnchorLoss(context, new LpDistance(power: 2), new MeanReduction())
{
    /// <summary>k.</summary>
    public float Scale { get; } = scale;

    /// <inheritdoc/>
    protected override double Term(PairBatch batch, int anchor)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Count(anchor, Relation.Positive) == 0)
        {
            return double.NaN;
        }

        double factor = -batch.Distance.Sign * (double)Scale;
        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        LogSumExp positives = LogSumExp.Of(values, relations, Relation.Positive, factor);
        LogSumExp negatives = LogSumExp.Of(values, relations, Relation.Negative, factor);
        double gap = negatives.Value - positives.Value, slope = Smooth.Sigmoid(gap) * factor;
        positives.Shares(values, relations, Relation.Positive, factor, -slope, batch.Gradients(anchor));
        negatives.Shares(values, relations, Relation.Negative, factor, slope, batch.Gradients(anchor));
        return Smooth.Softplus(gap);
    }
}
