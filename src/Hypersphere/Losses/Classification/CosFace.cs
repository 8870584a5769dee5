using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Classification;

/// <summary>Additive cosine margin softmax (CosFace, AM-Softmax): the target cosine is lowered by <c>margin</c>.</summary>
/// <remarks>ψ(θ) = cos θ − m, slope 1. Wang et al., CVPR 2018, eq. 4; Wang et al., IEEE SPL 2018, eq. 5.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">m, in units of the cosine.</param>
/// <param name="scale">s.</param>
[Component(
    "cosface", Aliases = "am-softmax", Summary = "additive margin on the cosine", Equation = "ψ(θ) = cos θ − m",
    Paper = "Wang et al., CosFace, CVPR 2018, eq. 4; Wang et al., Additive margin softmax, IEEE SPL 2018",
    Peers = "arcface-pytorch, face.evoLVe, FaceX-Zoo, arcface_torch, pytorch-metric-learning, UniFace's softmax variant; their defaults differ (m 0.35 or 0.4, s 30 or 64)",
    Cost = "3 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 4 products)")]
public sealed class CosFace(
    LossContext context,
    [Range(0, 1), Description("additive cosine margin m")] float margin = 0.35f,
    [Range(0.01, 4096), Description("scale s")] float scale = 64f)
    : MarginSoftmaxLoss(context, scale)
{
    /// <summary>m, in units of the cosine.</summary>
    public float Margin { get; } = margin;

    /// <inheritdoc/>
    protected override void Target(in TargetBatch batch)
    {
        for (int i = 0; i < batch.Cosines.Length; i++)
        {
            batch.Values[i] = batch.Cosines[i] - (Margin * Ramp);
            batch.Slopes[i] = 1f;
        }
    }
}
