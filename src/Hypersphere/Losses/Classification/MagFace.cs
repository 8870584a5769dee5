using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>ArcFace whose margin grows with the length of the embedding, which so becomes a measure of quality.</summary>
/// <remarks>ℓᵢ = ℓ_ArcFace(m(aᵢ)) + λ_g·g(aᵢ) with a = clip(‖x‖, l_a, u_a), m(a) = l_m + (u_m − l_m)·(a − l_a)/(u_a − l_a) and g(a) =
/// a/u_a² + 1/a, smallest at u_a. With the easy margin (the released code) ψ = cos(θ + m) only while θ &lt; 90° and cos θ past it, else
/// ArcFace's threshold. Nothing is detached: the margin passes gradients to ‖x‖, none outside of [l_a, u_a]. Cost 3 · 2·N·C·D flops; holds
/// N×C exponentials, or nothing beyond <see cref="LossContext.ScratchBudget"/>. Meng et al., CVPR 2021, eq. 4.</remarks>
[Component(
    "magface", Summary = "margin that grows with the norm, which becomes a quality",
    Equation = "ψ(θ) = cos(θ + m(a)), m(a) = l_m + (u_m − l_m)(a − l_a)/(u_a − l_a), a = clip(‖x‖, l_a, u_a); + λ_g·(a/u_a² + 1/a)",
    Paper = "Meng et al., MagFace: a universal representation for face recognition and quality assessment, CVPR 2021",
    Peers = "MagFace by its authors (easy margin); FaceX-Zoo's fallback past the threshold differs and its λ_g is 20",
    Cost = "3 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 4 products)")]
public sealed class MagFace : MarginSoftmaxLoss
{
    /// <summary>Makes the prototypes.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="lowerNorm">l_a.</param>
    /// <param name="upperNorm">u_a.</param>
    /// <param name="lowerMargin">l_m, in radians.</param>
    /// <param name="upperMargin">u_m, in radians.</param>
    /// <param name="lambdaG">λ_g.</param>
    /// <param name="scale">s.</param>
    /// <param name="easyMargin">Whether the margin holds only for angles under 90°.</param>
    public MagFace(
        LossContext context,
        [Range(1e-3, 1e6), Description("norm l_a at and below which the margin is least")] float lowerNorm = 10f,
        [Range(1e-3, 1e6), Description("norm u_a at and above which the margin is largest")] float upperNorm = 110f,
        [Range(0, Math.PI / 2), Description("least margin l_m, radians")] float lowerMargin = 0.45f,
        [Range(0, Math.PI / 2), Description("largest margin u_m, radians")] float upperMargin = 0.8f,
        [Range(0, 1e6), Description("weight λ_g of the reward for long embeddings")] float lambdaG = 35f,
        [Range(0.01, 4096), Description("scale s")] float scale = 64f,
        [Description("margin only while θ < 90°")] bool easyMargin = true)
        : base(context, scale)
    {
        if (!(lowerNorm < upperNorm) || lowerMargin > upperMargin)
        {
            Throw.Argument("magface", "the bounds", "lower_norm < upper_norm and lower_margin ≤ upper_margin",
                $"{lowerNorm} and {upperNorm}, {lowerMargin} and {upperMargin}");
        }

        (LowerNorm, UpperNorm, LowerMargin, UpperMargin) = (lowerNorm, upperNorm, lowerMargin, upperMargin);
        (LambdaG, EasyMargin) = (lambdaG, easyMargin);
    }

    /// <summary>l_a.</summary>
    public float LowerNorm { get; }

    /// <summary>u_a.</summary>
    public float UpperNorm { get; }

    /// <summary>l_m, in radians.</summary>
    public float LowerMargin { get; }

    /// <summary>u_m, in radians.</summary>
    public float UpperMargin { get; }

    /// <summary>λ_g.</summary>
    public float LambdaG { get; }

    /// <summary>Whether the margin holds only for angles under 90°.</summary>
    public bool EasyMargin { get; }

    private double Rise => ((double)UpperMargin - LowerMargin) / ((double)UpperNorm - LowerNorm);

    /// <inheritdoc/>
    public override bool DependsOnLength => true;

    /// <inheritdoc/>
    protected override void Target(in TargetBatch batch)
    {
        for (int i = 0; i < batch.Cosines.Length; i++)
        {
            double a = Math.Clamp(batch.Norms[i], LowerNorm, UpperNorm), m = (LowerMargin + (Rise * (a - LowerNorm))) * Ramp;
            double theta = Angle.Of(batch.Cosines[i]);
            (double value, double slope) = EasyMargin ? Angle.EasilyWidened(batch.Cosines[i], m) : Angle.Widened(batch.Cosines[i], m);
            batch.Values[i] = (float)value;
            batch.Slopes[i] = (float)slope;
            double byMargin = theta < (EasyMargin ? Math.PI / 2 : Math.PI - m)
                ? -Math.Sin(theta + m)
                : EasyMargin ? 0 : -Math.Sin(m) - (m * Math.Cos(m));
            batch.NormSlopes[i] = IsBetween(batch.Norms[i]) ? (float)(byMargin * Rise * Ramp) : 0;
        }
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights)
    {
        Tensor softmax = base.Compute(embeddings, labels, sampleWeights);
        return LambdaG == 0 ? softmax : Ops.Add.Forward(softmax, Regularizer(Similarity.Norms(embeddings), labels, sampleWeights));
    }

    /// <summary>λ_g·mean g(a).</summary>
    private Tensor Regularizer(Tensor norms, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights) => Scalar.Forward([norms], gradients =>
    {
        (double sum, double upper) = (0, UpperNorm);
        int counted = Math.Max(RowMean.Counted(labels.Span), 1);
        for (int i = 0; i < norms.Count; i++)
        {
            double weight = labels.Span[i] < 0 ? 0 : LambdaG / counted * (sampleWeights.IsEmpty ? 1 : sampleWeights.Span[i]);
            double a = Math.Clamp(norms.Span[i], LowerNorm, UpperNorm);
            sum += weight * ((a / (upper * upper)) + (1 / a));
            gradients[0].Span[i] = IsBetween(norms.Span[i]) ? (float)(weight * ((1 / (upper * upper)) - (1 / (a * a)))) : 0;
        }

        return sum;
    });

    private bool IsBetween(float norm) => norm >= LowerNorm && norm <= UpperNorm;
}
