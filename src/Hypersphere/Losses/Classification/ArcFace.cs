using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Classification;

/// <summary>Additive angular margin softmax: the target angle is widened by <c>margin</c> before the softmax.</summary>
/// <remarks>ψ(θ) = cos(θ + m) up to θ = π − m; past it cos θ − m·sin m, so ψ keeps falling (it steps down by m·sin m + cos m − 1 there, as in
/// every published code with the threshold). Slope sin(θ + m)/sin θ, then 1. With the easy margin, ψ = cos(θ + m) only while θ &lt; π/2 and
/// cos θ past it. Deng et al., CVPR 2019, eq. 3.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">m, in radians.</param>
/// <param name="scale">s.</param>
/// <param name="easyMargin">Whether the margin holds only for angles under 90°.</param>
/// <param name="gradient">The true derivative, or arcface_torch's, which leaves out sin(θ + m)/sin θ.</param>
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
    [Description("derivative of the margin: true, or arcface_torch's")] MarginGradient gradient = MarginGradient.Exact)
    : MarginSoftmaxLoss(context, scale, gradient)
{
    /// <summary>m, in radians.</summary>
    public float Margin { get; } = margin;

    /// <summary>Whether the margin holds only for angles under 90°.</summary>
    public bool EasyMargin { get; } = easyMargin;

    /// <inheritdoc/>
    protected override void Target(in TargetBatch batch)
    {
        double m = Margin * Ramp;
        double last = EasyMargin ? Math.PI / 2 : Math.PI - m;
        double drop = EasyMargin ? 0 : m * Math.Sin(m);
        for (int i = 0; i < batch.Cosines.Length; i++)
        {
            double theta = Angle.Of(batch.Cosines[i]);
            bool widened = theta < last;
            batch.Values[i] = (float)(widened ? Math.Cos(theta + m) : batch.Cosines[i] - drop);
            batch.Slopes[i] = widened ? (float)Angle.Slope(theta, 1, m) : 1f;
        }
    }
}
