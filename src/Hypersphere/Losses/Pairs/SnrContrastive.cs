using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>The contrastive loss over the noise-to-signal ratio of a pair: <see cref="Contrastive"/> with
/// <see cref="SnrDistance"/>.</summary>
/// <remarks>ℓ = [d⁺ − m⁺]₊ + [m⁻ − d⁻]₊ with d_ij = var(xᵢ − rⱼ)/var(xᵢ), each reduced by itself. Yuan et al., CVPR 2019; its term that
/// keeps embeddings at zero mean is a regulariser of its own. The distance is not symmetric: the anchor is the signal. Nothing is detached;
/// an anchor of no variance gets no gradient. Without positives or negatives that part is 0. Cost 6·N·M·D flops, memory 2·N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="positiveMargin">m⁺, a ratio of variances.</param>
/// <param name="negativeMargin">m⁻.</param>
[Component(
    "snr-contrastive", Summary = "contrastive over the noise-to-signal ratio of pairs",
    Equation = "ℓ = [d⁺ − m⁺]₊ + [m⁻ − d⁻]₊, d_ij = var(xᵢ − rⱼ)/var(xᵢ)",
    Paper = "Yuan et al., Signal-to-noise ratio: a robust distance metric for deep metric learning, CVPR 2019",
    Peers = "pytorch-metric-learning's SignalToNoiseRatioContrastiveLoss, whose regulariser of the mean is apart",
    Cost = "6·N·M·D flops and N·M terms; 2·N·M numbers and N·M bytes")]
public sealed class SnrContrastive(
    LossContext context,
    [Range(0, 1000), Description("margin m⁺ of positive pairs, a ratio of variances")] float positiveMargin = 0,
    [Range(0, 1000), Description("margin m⁻ of negative pairs")] float negativeMargin = 1)
    : PairTermLoss(context, new SnrDistance(), new NonZeroMeanReduction())
{
    /// <summary>m⁺.</summary>
    public float PositiveMargin { get; } = positiveMargin;

    /// <summary>m⁻.</summary>
    public float NegativeMargin { get; } = negativeMargin;

    /// <inheritdoc/>
    protected override (double Loss, double Slope) Positive(float value) =>
        Contrastive.Hinge(Distance.Sign * ((double)value - PositiveMargin), Distance.Sign);

    /// <inheritdoc/>
    protected override (double Loss, double Slope) Negative(float value) =>
        Contrastive.Hinge(Distance.Sign * ((double)NegativeMargin - value), -Distance.Sign);
}
