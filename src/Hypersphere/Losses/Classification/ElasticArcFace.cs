using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Classification;

/// <summary>ArcFace with a margin drawn from a normal distribution for every row (ElasticFace-Arc).</summary>
/// <remarks>ψ(θ) = cos(θ + mᵢ), mᵢ ~ N(m, σ²), even where θ + mᵢ is past π; slope sin(θ + mᵢ)/sin θ. Cost 3 · 2·N·C·D flops; holds N×C
/// exponentials, or nothing beyond <see cref="LossContext.ScratchBudget"/>. Boutros et al., CVPR Workshops 2022, eq. 5 and 7.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">m, the mean margin in radians.</param>
/// <param name="std">σ; the authors train with 0.05, and 0.0175 in the sorted form.</param>
/// <param name="plus">Whether the row with the largest cosine gets the smallest margin of the batch (ElasticFace-Arc+).</param>
/// <param name="scale">s.</param>
[Component(
    "elastic-arcface", Summary = "ArcFace with a random margin for every row", Equation = "ψ(θ) = cos(θ + mᵢ), mᵢ ~ N(m, σ²)",
    Paper = "Boutros et al., ElasticFace: elastic margin loss for deep face recognition, CVPR Workshops 2022",
    Peers = "ElasticFace by its authors; their sorted form indexes by the order instead of the rank, here the largest cosine gets the smallest margin",
    Cost = "3 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 4 products)")]
public sealed class ElasticArcFace(
    LossContext context,
    [Range(0, Math.PI / 2), Description("mean angular margin m, radians")] float margin = 0.5f,
    [Range(0, 1), Description("standard deviation σ of the margins")] float std = 0.05f,
    [Description("largest cosine of the batch gets the smallest margin")] bool plus = false,
    [Range(0.01, 4096), Description("scale s")] float scale = 64f)
    : ElasticMarginLoss(context, margin, std, plus, scale)
{
    /// <inheritdoc/>
    protected override (double Value, double Slope) Psi(float cosine, double margin)
    {
        double theta = Angle.Of(cosine);
        return (Math.Cos(theta + margin), Angle.Slope(theta, 1, margin));
    }
}
