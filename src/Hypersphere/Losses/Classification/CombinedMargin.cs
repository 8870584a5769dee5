using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Classification;

/// <summary>All three margins at once: multiplicative m₁ and additive m₂ on the angle, additive m₃ on the cosine.</summary>
/// <remarks>ψ(θ) = cos(m₁θ + m₂) − m₃ while φ = m₁θ + m₂ ≤ π, slope m₁·sin φ / sin θ. Past it ψ keeps falling: with m₁ = 1 as ArcFace does,
/// cos θ − m₂·sin m₂ − m₃; otherwise as SphereFace does, (−1)ᵏ·cos φ − 2k − m₃ with k = ⌊φ/π⌋. So (1, m, 0) is ArcFace, (1, 0, m) CosFace
/// and (m, 0, 0) SphereFace's ψ. Deng et al., CVPR 2019, eq. 4.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="m1">Multiplies the angle.</param>
/// <param name="m2">Added to the angle, in radians.</param>
/// <param name="m3">Taken from the cosine.</param>
/// <param name="scale">s.</param>
/// <param name="gradient">The true derivative, or the straight-through one.</param>
[Component(
    "combined-margin", Summary = "SphereFace's, ArcFace's and CosFace's margins together", Equation = "ψ(θ) = cos(m₁θ + m₂) − m₃",
    Paper = "Deng et al., ArcFace, CVPR 2019, eq. 4",
    Peers = "insightface's MXNet margins up to π; arcface_torch's CombinedMarginLoss knows only (1, m₂, 0) and (1, 0, m₃) and ignores m₂ when m₃ > 0",
    Cost = "3 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 4 products)")]
public sealed class CombinedMargin(
    LossContext context,
    [Range(1, 8), Description("multiplicative angular margin m₁")] float m1 = 1f,
    [Range(0, Math.PI / 2), Description("additive angular margin m₂, radians")] float m2 = 0.3f,
    [Range(0, 1), Description("additive cosine margin m₃")] float m3 = 0.2f,
    [Range(0.01, 4096), Description("scale s")] float scale = 64f,
    [Description("derivative of the margin: true, or straight-through")] MarginGradient gradient = MarginGradient.Exact)
    : MarginSoftmaxLoss(context, scale, gradient)
{
    /// <summary>Multiplies the angle.</summary>
    public float M1 { get; } = m1;

    /// <summary>Added to the angle, in radians.</summary>
    public float M2 { get; } = m2;

    /// <summary>Taken from the cosine.</summary>
    public float M3 { get; } = m3;

    /// <inheritdoc/>
    protected override void Target(in TargetBatch batch)
    {
        for (int i = 0; i < batch.Cosines.Length; i++)
        {
            (double value, double slope) = Psi(batch.Cosines[i]);
            batch.Values[i] = (float)(value - (M3 * Ramp));
            batch.Slopes[i] = (float)slope;
        }
    }

    private (double Value, double Slope) Psi(float cosine)
    {
        (double m1, double m2) = (1 + ((M1 - 1) * Ramp), M2 * Ramp);
        return m1 > 1 ? Angle.Multiplied(cosine, m1, m2) : m2 == 0 ? (cosine, 1) : Angle.Widened(cosine, m2);
    }
}
