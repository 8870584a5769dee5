using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Classification;

/// <summary>Circle loss between embeddings and class prototypes.</summary>
/// <remarks>z_y = γ·[1 + m − cos θ_y]₊·(cos θ_y − (1 − m)), zⱼ = γ·[cos θⱼ + m]₊·(cos θⱼ − m), then the cross-entropy. Detached: the
/// weights […]₊, as the paper defines them; the gradient is that of a weighted linear function. Cost 3 · 2·N·C·D flops; holds N×C
/// exponentials, or nothing beyond <see cref="LossContext.ScratchBudget"/>. Sun et al., CVPR 2020, eq. 5–8 with class-level
/// labels.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">m, the relaxation of the decision boundary.</param>
/// <param name="scale">γ.</param>
[Component(
    "circle-class", Summary = "circle loss against class prototypes",
    Equation = "z_y = γ·[1 + m − cos θ_y]₊·(cos θ_y − 1 + m), zⱼ = γ·[cos θⱼ + m]₊·(cos θⱼ − m)",
    Paper = "Sun et al., Circle loss: a unified perspective of pair similarity optimization, CVPR 2020",
    Peers = "FaceX-Zoo, face.evoLVe",
    Cost = "3 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 4 products)",
    Detached = "holds the weights […]₊ constant, as the paper defines them")]
public sealed class CircleClass(
    LossContext context,
    [Range(0, 1), Description("relaxation m")] float margin = 0.25f,
    [Range(0.01, 4096), Description("scale γ")] float scale = 256f)
    : MarginSoftmaxLoss(context, scale)
{
    /// <summary>m, the relaxation of the decision boundary.</summary>
    public float Margin { get; } = margin;

    private protected override double LargestGap
    {
        get
        {
            double far = -1.0 / Math.Max(Context.Classes - 1, 1);
            return (Margin * Margin) - (Math.Max(far + Margin, 0) * (far - Margin));
        }
    }

    /// <inheritdoc/>
    protected override void Target(in TargetBatch batch)
    {
        for (int i = 0; i < batch.Cosines.Length; i++)
        {
            float weight = Math.Max(1 + Margin - batch.Cosines[i], 0);
            batch.Values[i] = weight * (batch.Cosines[i] - (1 - Margin));
            batch.Slopes[i] = weight;
        }
    }

    /// <inheritdoc/>
    protected override HardNegatives Negatives(in TargetBatch batch)
    {
        float[] thresholds = new float[batch.Cosines.Length];
        thresholds.AsSpan().Fill(-Margin);
        return new(thresholds, Constant: -Margin * Margin, Linear: 0, Quadratic: 1) { SlopeConstant = Margin, SlopeLinear = 1, Easy = 0 };
    }
}
