using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Positive pairs nearer than one margin, negative pairs farther than another.</summary>
/// <remarks>ℓ = [d⁺ − m⁺]₊ over positives + [m⁻ − d⁻]₊ over negatives, each reduced by itself; with a similarity [m⁺ − s⁺]₊ and [s⁻ − m⁻]₊.
/// Not squared, as in pytorch-metric-learning; Hadsell et al., CVPR 2006, eq. 4 squares both.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="positiveMargin">m⁺, in units of the distance.</param>
/// <param name="negativeMargin">m⁻.</param>
[Component(
    "contrastive", Summary = "positive pairs inside one margin, negative pairs outside another", Equation = "ℓ = [d⁺ − m⁺]₊ + [m⁻ − d⁻]₊",
    Paper = "Hadsell et al., Dimensionality reduction by learning an invariant mapping, CVPR 2006",
    Peers = "pytorch-metric-learning's ContrastiveLoss, not squared; the paper squares both terms", Cost = "6·N·M·D flops and N·M terms; 2·N·M numbers and N·M bytes")]
public sealed class Contrastive(
    LossContext context,
    [Range(-100, 100), Description("margin m⁺ of positive pairs, in units of the distance")] float positiveMargin = 0,
    [Range(-100, 100), Description("margin m⁻ of negative pairs")] float negativeMargin = 1)
    : PairTermLoss(context, new LpDistance(), new NonZeroMeanReduction())
{
    /// <summary>A violation as small as the rounding of a distance is none: a mean over non-zero terms would count it in full.</summary>
    private const double Equal = 1e-6;

    /// <summary>m⁺.</summary>
    public float PositiveMargin { get; } = positiveMargin;

    /// <summary>m⁻.</summary>
    public float NegativeMargin { get; } = negativeMargin;

    /// <inheritdoc/>
    protected override (double Loss, double Slope) Positive(float value) => Hinge(Distance.Sign * ((double)value - PositiveMargin), Distance.Sign);

    /// <inheritdoc/>
    protected override (double Loss, double Slope) Negative(float value) => Hinge(Distance.Sign * ((double)NegativeMargin - value), -Distance.Sign);

    internal static (double Loss, double Slope) Hinge(double violation, int slope) => violation > Equal ? (violation, slope) : (0, 0);
}
