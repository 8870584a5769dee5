using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Classification;

/// <summary>What becomes of an angle that the margin widens past π.</summary>
public enum PastPi
{
    /// <summary>ψ = cos θ − m·sin m there, so that it keeps falling.</summary>
    Fall,

    /// <summary>ψ = cos(θ + m) everywhere; past π − m it rises again, as in arcface_torch and MXNet insightface.</summary>
    Rise,
}

/// <summary>Additive angular margin softmax: the target angle is widened by <c>margin</c> before the softmax.</summary>
/// <remarks>ψ(θ) = cos(θ + m) up to θ = π − m; past it cos θ − m·sin m, so ψ keeps falling (it steps down by m·sin m + cos m − 1 there, as
/// in every published code with the threshold). Slope sin(θ + m)/sin θ, then 1. With the easy margin, ψ = cos(θ + m) only while θ &lt; π/2
/// and cos θ past it. Insightface's behaviour past π and its gradient are options. Nothing is detached unless <c>gradient</c> says so. Cost
/// 3 · 2·N·C·D flops; holds N×C exponentials, or nothing beyond <see cref="LossContext.ScratchBudget"/>. Deng et al., CVPR 2019, eq.
/// 3.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">m, in radians.</param>
/// <param name="scale">s.</param>
/// <param name="easyMargin">Whether the margin holds only for angles under 90°.</param>
/// <param name="gradient">The true derivative, or arcface_torch's, which leaves out sin(θ + m)/sin θ.</param>
/// <param name="pastPi">Whether ψ falls or rises where θ + m is past π.</param>
[Component(
    "arcface", Summary = "additive margin on the angle", Equation = "ψ(θ) = cos(θ + m), past π − m: cos θ − m·sin m",
    Paper = "Deng et al., ArcFace: additive angular margin loss for deep face recognition, CVPR 2019, eq. 3",
    Peers = "arcface-pytorch, face.evoLVe, TFace, FaceX-Zoo, pytorch-metric-learning (margin in degrees there); arcface_torch with gradient=straight-through",
    Cost = "3 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 4 products)")]
public sealed class ArcFace(
    LossContext context,
    [Range(0, Math.PI / 2), Description("additive angular margin m, radians")] float margin = 0.5f,
    [Range(0.01, 4096), Description("scale s")] float scale = 64f,
    [Description("margin only while θ < 90°")] bool easyMargin = false,
    [Description("derivative of the margin: true, or arcface_torch's")] MarginGradient gradient = MarginGradient.Exact,
    [Description("ψ where θ + m is past π: falls, or rises again as insightface's")] PastPi pastPi = PastPi.Fall)
    : MarginSoftmaxLoss(context, scale, gradient)
{
    /// <summary>m, in radians.</summary>
    public float Margin { get; } = margin;

    /// <summary>Whether the margin holds only for angles under 90°.</summary>
    public bool EasyMargin { get; } = easyMargin;

    /// <summary>Whether ψ falls or rises where θ + m is past π.</summary>
    public PastPi PastPi { get; } = pastPi;

    /// <inheritdoc/>
    protected override void Target(in TargetBatch batch)
    {
        double m = Margin * Ramp;
        for (int i = 0; i < batch.Cosines.Length; i++)
        {
            (double value, double slope) = Psi(batch.Cosines[i], m);
            batch.Values[i] = (float)value;
            batch.Slopes[i] = (float)slope;
        }
    }

    private (double Value, double Slope) Psi(float cosine, double m)
    {
        if (EasyMargin)
        {
            return Angle.EasilyWidened(cosine, m);
        }

        double theta = Angle.Of(cosine);
        return PastPi == PastPi.Rise ? (Math.Cos(theta + m), Angle.Slope(theta, 1, m)) : Angle.Widened(cosine, m);
    }
}
