using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Classification;

/// <summary>ArcFace in which a negative counts by how near its cosine is to the positive's.</summary>
/// <remarks>ψ is ArcFace's; another class counts as tⱼ·cosⱼ + tⱼ − 1 with tⱼ = α·e^{−(cosⱼ − ψ)²/σ}: classes much nearer than the own are
/// taken for wrong labels. Detached: tⱼ, as in the published code. Cost 3 · 2·N·C·D flops; holds two N×C matrices, the cosines and their
/// derivatives. Liu et al., 2019, eq. 4–6.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">m, in radians.</param>
/// <param name="scale">s.</param>
/// <param name="alpha">α.</param>
/// <param name="sigma">σ.</param>
[Component(
    "arcnegface", Summary = "ArcFace whose negatives count by their nearness to the positive",
    Equation = "ψ(θ) = cos(θ + m); negatives: t·cosⱼ + t − 1, t = α·e^{−(cosⱼ − ψ)²/σ}",
    Paper = "Liu et al., Towards flops-constrained face recognition, ICCV Workshops 2019",
    Peers = "FaceX-Zoo",
    Cost = "3 products of 2·N·C·D flops; N×C cosines and their derivatives",
    Detached = "holds the weights t constant, as in the published code")]
public sealed class ArcNegFace(
    LossContext context,
    [Range(0, Math.PI / 2), Description("additive angular margin m, radians")] float margin = 0.5f,
    [Range(0.01, 4096), Description("scale s")] float scale = 64f,
    [Range(0, 10), Description("height α of the weight")] float alpha = 1.2f,
    [Range(1e-3, 100), Description("width σ of the weight")] float sigma = 2f)
    : MatrixSoftmaxLoss(context)
{
    /// <summary>m, in radians.</summary>
    public float Margin { get; } = margin;

    /// <summary>s.</summary>
    public float Scale { get; } = scale;

    /// <summary>α.</summary>
    public float Alpha { get; } = alpha;

    /// <summary>σ.</summary>
    public float Sigma { get; } = sigma;

    /// <inheritdoc/>
    public override (float[] Values, float[] Slopes)? TargetCurve(ReadOnlySpan<double> theta, float norm = 1) =>
        Sample(theta, c => Angle.Widened(c, Margin));

    private protected override void WriteLogits(int label, ReadOnlySpan<float> values, Span<float> logits)
    {
        double own = label < 0 ? 0 : Angle.Widened(values[label], Margin).Value;
        for (int j = 0; j < logits.Length; j++)
        {
            double t = Weight(values[j], own), value = j == label ? own : label < 0 ? values[j] : (t * values[j]) + t - 1;
            logits[j] = (float)(Scale * value);
        }
    }

    private protected override void Spread(int label, ReadOnlySpan<float> values, ReadOnlySpan<float> byLogits, Span<float> gradient)
    {
        (double own, double slope) = Angle.Widened(values[label], Margin);
        for (int j = 0; j < gradient.Length; j++)
        {
            gradient[j] = (float)(Scale * byLogits[j] * (j == label ? slope : Weight(values[j], own)));
        }
    }

    private double Weight(double cosine, double own) => Alpha * Math.Exp(-(cosine - own) * (cosine - own) / Sigma);
}
