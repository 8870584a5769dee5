using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Pulls only positives below one similarity and pushes only negatives above another, so that one threshold serves all
/// classes.</summary>
/// <remarks>ℓ = λ⁺·mean over positives with s ≤ m⁺ of (m⁺ − s) + λ⁻·mean over negatives with s ≥ m⁻ of (s − m⁻). Zhang et al., ICLR 2024,
/// eq. 4. Meant as an addition to another loss. The contrastive loss of a similarity with weights and other defaults. True derivative. No
/// hard pair of a kind, or no pair at all: that side is 0. Cost that of the similarities; holds 2·N·M numbers.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="positiveMargin">m⁺, in units of the similarity.</param>
/// <param name="negativeMargin">m⁻.</param>
/// <param name="positiveWeight">λ⁺.</param>
/// <param name="negativeWeight">λ⁻.</param>
[Component(
    "tcm", Aliases = "threshold-consistent-margin", Summary = "pulls hard positives to one similarity, pushes hard negatives to another",
    Equation = "ℓ = λ⁺·mean_{s⁺ ≤ m⁺}(m⁺ − s⁺) + λ⁻·mean_{s⁻ ≥ m⁻}(s⁻ − m⁻)",
    Paper = "Zhang et al., Threshold-consistent margin loss for open-world deep metric learning, ICLR 2024",
    Peers = "pytorch-metric-learning's ThresholdConsistentMarginLoss", Cost = "6·N·M·D flops; 2·N·M numbers and N·M bytes")]
public sealed class ThresholdConsistentMargin(
    LossContext context,
    [Range(-100, 100), Description("similarity m⁺ that positives are pulled to")] float positiveMargin = 0.9f,
    [Range(-100, 100), Description("similarity m⁻ that negatives are pushed to")] float negativeMargin = 0.5f,
    [Range(0, 1000), Description("weight λ⁺ of the positives")] float positiveWeight = 1,
    [Range(0, 1000), Description("weight λ⁻ of the negatives")] float negativeWeight = 1)
    : PairTermLoss(context, new CosineSimilarity(), new NonZeroMeanReduction())
{
    /// <summary>m⁺.</summary>
    public float PositiveMargin { get; } = positiveMargin;

    /// <summary>m⁻.</summary>
    public float NegativeMargin { get; } = negativeMargin;

    /// <summary>λ⁺.</summary>
    public float PositiveWeight { get; } = positiveWeight;

    /// <summary>λ⁻.</summary>
    public float NegativeWeight { get; } = negativeWeight;

    /// <inheritdoc/>
    protected override (double Loss, double Slope) Positive(float value) =>
        Hinge(Distance.Sign * ((double)value - PositiveMargin), Distance.Sign, PositiveWeight);

    /// <inheritdoc/>
    protected override (double Loss, double Slope) Negative(float value) =>
        Hinge(Distance.Sign * ((double)NegativeMargin - value), -Distance.Sign, NegativeWeight);

    private static (double Loss, double Slope) Hinge(double violation, int slope, double weight) =>
        violation > 0 ? (weight * violation, weight * slope) : (0, 0);
}
