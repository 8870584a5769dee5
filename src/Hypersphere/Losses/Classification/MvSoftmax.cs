using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Classification;

/// <summary>Where MV-Softmax puts its margin.</summary>
public enum MvMargin
{
    /// <summary>On the cosine, as CosFace and AM-Softmax.</summary>
    Am,

    /// <summary>On the angle, as ArcFace.</summary>
    Arc,
}

/// <summary>Margin softmax whose misclassified vectors weigh more (MV-AM-Softmax, MV-Arc-Softmax).</summary>
/// <remarks>φ(θ) = cos θ − m or cos(θ + m). Another class with cos θⱼ &gt; φ(θ_y) counts as t·cosⱼ + t − 1. As in the published code the
/// margin is taken back where it makes little sense: ψ = φ only while cos θ &gt; m (am) or cos θ &gt; 0 (arc), else cos θ. Nothing is
/// detached: which negatives are hard is constant almost everywhere. Cost 3 · 2·N·C·D flops; holds N×C exponentials, or nothing beyond
/// <see cref="LossContext.ScratchBudget"/>. Wang et al., AAAI 2020, eq. 6–8.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="kind">Where the margin is put.</param>
/// <param name="margin">m, in units of the cosine or in radians.</param>
/// <param name="weight">t, how much more hard negatives count; 1 leaves them as they are.</param>
/// <param name="scale">s.</param>
[Component(
    "mv-softmax", Aliases = "mv-am-softmax", Summary = "margin softmax in which misclassified vectors weigh more",
    Equation = "ψ(θ) = cos θ − m or cos(θ + m); negatives with cosⱼ > ψ: t·cosⱼ + t − 1",
    Paper = "Wang et al., Mis-classified vector guided softmax loss for face recognition, AAAI 2020",
    Peers = "FaceX-Zoo, face.evoLVe",
    Cost = "3 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 4 products)")]
public sealed class MvSoftmax(
    LossContext context,
    [Description("margin on the cosine (am) or on the angle (arc)")] MvMargin kind = MvMargin.Am,
    [Range(0, Math.PI / 2), Description("margin m: units of the cosine (am), radians (arc)")] float margin = 0.35f,
    [Range(1, 10), Description("weight t of hard negatives")] float weight = 1.12f,
    [Range(0.01, 4096), Description("scale s")] float scale = 32f)
    : MarginSoftmaxLoss(context, scale)
{
    /// <summary>Where the margin is put.</summary>
    public MvMargin Kind { get; } = kind;

    /// <summary>m, in units of the cosine or in radians.</summary>
    public float Margin { get; } = margin;

    /// <summary>t, how much more hard negatives count.</summary>
    public float Weight { get; } = weight;

    /// <inheritdoc/>
    protected override void Target(in TargetBatch batch)
    {
        double m = Margin * Ramp;
        for (int i = 0; i < batch.Cosines.Length; i++)
        {
            double cosine = batch.Cosines[i];
            (double value, double slope) = Kind == MvMargin.Arc
                ? Angle.EasilyWidened(batch.Cosines[i], m)
                : (cosine > m ? cosine - m : cosine, 1);
            batch.Values[i] = (float)value;
            batch.Slopes[i] = (float)slope;
        }
    }

    /// <inheritdoc/>
    protected override HardNegatives Negatives(in TargetBatch batch)
    {
        float[] thresholds = new float[batch.Cosines.Length];
        double m = Margin * Ramp;
        for (int i = 0; i < thresholds.Length; i++)
        {
            thresholds[i] = (float)(Kind == MvMargin.Arc ? Math.Cos(Angle.Of(batch.Cosines[i]) + m) : batch.Cosines[i] - m);
        }

        return new(thresholds, Constant: Weight - 1, Linear: Weight, Quadratic: 0);
    }
}
