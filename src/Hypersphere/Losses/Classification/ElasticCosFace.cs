using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Classification;

/// <summary>CosFace with a margin drawn from a normal distribution for every row (ElasticFace-Cos).</summary>
/// <remarks>ψ(θ) = cos θ − mᵢ, mᵢ ~ N(m, σ²); slope 1. Cost 3 · 2·N·C·D flops; holds N×C exponentials, or nothing beyond
/// <see cref="LossContext.ScratchBudget"/>. Boutros et al., CVPR Workshops 2022, eq. 6 and 7.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">m, the mean margin in units of the cosine.</param>
/// <param name="std">σ; the authors train with 0.05, and 0.02 in the sorted form.</param>
/// <param name="plus">Whether the row with the largest cosine gets the smallest margin of the batch (ElasticFace-Cos+).</param>
/// <param name="scale">s.</param>
[Component(
    "elastic-cosface", Summary = "CosFace with a random margin for every row", Equation = "ψ(θ) = cos θ − mᵢ, mᵢ ~ N(m, σ²)",
    Paper = "Boutros et al., ElasticFace: elastic margin loss for deep face recognition, CVPR Workshops 2022",
    Peers = "ElasticFace by its authors; their sorted form indexes by the order instead of the rank, here the largest cosine gets the smallest margin",
    Cost = "3 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 4 products)")]
public sealed class ElasticCosFace(
    LossContext context,
    [Range(0, 1), Description("mean cosine margin m")] float margin = 0.35f,
    [Range(0, 1), Description("standard deviation σ of the margins")] float std = 0.05f,
    [Description("largest cosine of the batch gets the smallest margin")] bool plus = false,
    [Range(0.01, 4096), Description("scale s")] float scale = 64f)
    : ElasticMarginLoss(context, margin, std, plus, scale)
{
    /// <inheritdoc/>
    protected override (double Value, double Slope) Psi(float cosine, double margin) => (cosine - margin, 1);
}
