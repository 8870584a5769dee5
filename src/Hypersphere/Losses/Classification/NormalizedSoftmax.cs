using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Classification;

/// <summary>Softmax over scaled cosines without a margin (NormFace).</summary>
/// <remarks>ψ(θ) = cos θ, slope 1. Wang et al., ACM MM 2017, eq. 5.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="scale">s = 1/temperature.</param>
[Component(
    "normalized-softmax", Aliases = "normface", Summary = "cosine softmax without a margin", Equation = "ψ(θ) = cos θ",
    Paper = "Wang et al., NormFace: L2 hypersphere embedding for face verification, ACM MM 2017",
    Peers = "pytorch-metric-learning's NormalizedSoftmaxLoss, whose temperature is 1/s",
    Cost = "3 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 4 products)")]
public sealed class NormalizedSoftmax(LossContext context, [Range(0.01, 4096), Description("scale s = 1/temperature")] float scale = 20f)
    : MarginSoftmaxLoss(context, scale)
{
    /// <inheritdoc/>
    protected override void Target(in TargetBatch batch)
    {
        batch.Cosines.CopyTo(batch.Values);
        batch.Slopes.Fill(1f);
    }
}
