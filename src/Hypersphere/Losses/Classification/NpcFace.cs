using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Classification;

/// <summary>A margin that grows with how hard the negatives of a row are, and hard negatives that count more.</summary>
/// <remarks>A class is hard for row i when cosⱼ &gt; cos(θ_y + m). The margin is m̃ᵢ = m₀ + m₁·(mean cosine of the hard ones, 0 without
/// any), ψ = cos(θ + m̃ᵢ) while cos θ &gt; 0 and cos θ past it; hard classes count as t·cosⱼ + a. Detached: m̃ᵢ, as in the published code.
/// Cost 3 · 2·N·C·D flops; holds two N×C matrices, the cosines and their derivatives. Zeng et al., 2020, eq. 5–8.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">m, which decides what is hard, in radians.</param>
/// <param name="scale">s.</param>
/// <param name="m0">m₀, in radians.</param>
/// <param name="m1">m₁, in radians.</param>
/// <param name="t">Factor of hard cosines.</param>
/// <param name="a">Added to hard cosines.</param>
[Component(
    "npcface", Summary = "margin that grows with the hardness of a row's negatives",
    Equation = "ψ(θ) = cos(θ + m₀ + m₁·mean hard cosⱼ); negatives with cosⱼ > cos(θ + m): t·cosⱼ + a",
    Paper = "Zeng et al., NPCFace: negative-positive collaborative training for large-scale face recognition, 2020",
    Peers = "FaceX-Zoo",
    Cost = "3 products of 2·N·C·D flops; N×C cosines and their derivatives",
    Detached = "holds the margin constant, as in the published code")]
public sealed class NpcFace(
    LossContext context,
    [Range(0, Math.PI / 2), Description("margin m that decides which negatives are hard, radians")] float margin = 0.5f,
    [Range(0.01, 4096), Description("scale s")] float scale = 64f,
    [Range(0, Math.PI / 2), Description("least margin m₀, radians")] float m0 = 0.4f,
    [Range(0, Math.PI / 2), Description("growth m₁ of the margin, radians")] float m1 = 0.2f,
    [Range(0, 10), Description("factor t of hard cosines")] float t = 1.1f,
    [Range(0, 10), Description("a, added to hard cosines")] float a = 0.2f)
    : MatrixSoftmaxLoss(context)
{
    /// <summary>m, which decides what is hard, in radians.</summary>
    public float Margin { get; } = margin;

    /// <summary>s.</summary>
    public float Scale { get; } = scale;

    /// <summary>m₀, in radians.</summary>
    public float M0 { get; } = m0;

    /// <summary>m₁, in radians.</summary>
    public float M1 { get; } = m1;

    /// <summary>Factor of hard cosines.</summary>
    public float T { get; } = t;

    /// <summary>Added to hard cosines.</summary>
    public float A { get; } = a;

    /// <inheritdoc/>
    public override (float[] Values, float[] Slopes)? TargetCurve(ReadOnlySpan<double> theta, float norm = 1) =>
        Sample(theta, c => Angle.EasilyWidened(c, M0));

    private protected override void WriteLogits(int label, ReadOnlySpan<float> values, Span<float> logits)
    {
        (double threshold, double margin) = Hardness(label, values);
        for (int j = 0; j < logits.Length; j++)
        {
            logits[j] = Scale * (j == label ? (float)Angle.EasilyWidened(values[j], margin).Value
                : values[j] > threshold ? (T * values[j]) + A : values[j]);
        }
    }

    private protected override void Spread(int label, ReadOnlySpan<float> values, ReadOnlySpan<float> byLogits, Span<float> gradient)
    {
        (double threshold, double margin) = Hardness(label, values);
        for (int j = 0; j < gradient.Length; j++)
        {
            float slope = j == label ? (float)Angle.EasilyWidened(values[j], margin).Slope : values[j] > threshold ? T : 1;
            gradient[j] = Scale * byLogits[j] * slope;
        }
    }

    /// <summary>Cosine above which a class is hard, and the margin of the row.</summary>
    private (double Threshold, double Margin) Hardness(int label, ReadOnlySpan<float> values)
    {
        if (label < 0)
        {
            return (double.PositiveInfinity, 0);
        }

        (double threshold, double sum, int count) = (Math.Cos(Angle.Of(values[label]) + Margin), 0, 0);
        for (int j = 0; j < values.Length; j++)
        {
            (sum, count) = j != label && values[j] > threshold ? (sum + values[j], count + 1) : (sum, count);
        }

        return (threshold, M0 + (M1 * sum / Math.Max(count, 1)));
    }
}
