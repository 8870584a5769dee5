using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>Softmax over the soft nearest of K centres a class: triplets without sampling.</summary>
/// <remarks>Sⱼ = Σₖ softmaxₖ(cosⱼₖ/γ)·cosⱼₖ, then the cross-entropy of λ·(Sⱼ − δ·[j = y]). With τ the paper's regulariser τ·Σⱼ Σ_{k&lt;k'}
/// √(2 − 2·ŵⱼₖ·ŵⱼₖ') / (C·K·(K − 1)) merges centres that are not needed; it is the term <c>sparse-centers</c> of a sum. Nothing is
/// detached. Row c·K + k of the prototypes is centre k of class c. Cost 3 · 2·N·C·K·D flops; holds two N×C·K matrices, the cosines and
/// their derivatives. Qian et al., ICCV 2019, eq. 6–7 and 10.</remarks>
[Component(
    "soft-triple", Summary = "softmax over the soft nearest of several centres a class",
    Equation = "ℓ = −log softmax(λ·(S − δ·[y]))_y, Sⱼ = Σₖ softmaxₖ(cosⱼₖ/γ)·cosⱼₖ",
    Paper = "Qian et al., SoftTriple loss: deep metric learning without triplet sampling, ICCV 2019",
    Peers = "pytorch-metric-learning; the authors' code with tau=0.2, which writes 1/γ",
    Cost = "3 products of 2·N·C·K·D flops; N×C·K cosines and their derivatives")]
public sealed class SoftTriple : MatrixSoftmaxLoss
{
    /// <summary>Makes the centres.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="centers">K.</param>
    /// <param name="lambda">λ, the scale.</param>
    /// <param name="gamma">γ, the temperature among the centres of a class (the paper writes its inverse).</param>
    /// <param name="margin">δ.</param>
    /// <param name="tau">τ, weight of the regulariser.</param>
    public SoftTriple(
        LossContext context,
        [Range(1, 64), Description("centres of a class, K")] int centers = 10,
        [Range(0.01, 4096), Description("scale λ")] float lambda = 20f,
        [Range(1e-4, 1e4), Description("temperature γ among the centres of a class")] float gamma = 0.1f,
        [Range(0, 2), Description("margin δ on the similarity")] float margin = 0.01f,
        [Range(0, 1e4), Description("weight τ of the regulariser that merges centres")] float tau = 0f)
        : base(context, centers) => (Lambda, Gamma, Margin, Tau) = (lambda, gamma, margin, tau);

    /// <summary>K, centres of a class.</summary>
    public int Centers => PrototypesPerClass;

    /// <summary>λ, the scale.</summary>
    public float Lambda { get; }

    /// <summary>γ, the temperature among the centres of a class.</summary>
    public float Gamma { get; }

    /// <summary>δ.</summary>
    public float Margin { get; }

    /// <summary>τ, weight of the regulariser.</summary>
    public float Tau { get; }

    /// <inheritdoc/>
    public override (float[] Values, float[] Slopes)? TargetCurve(ReadOnlySpan<double> theta, float norm = 1) =>
        Sample(theta, c => (c - Margin, 1));

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights)
    {
        Tensor loss = base.Compute(embeddings, labels, sampleWeights);
        return Tau == 0 ? loss : Ops.Add.Forward(loss, CenterSpread.Forward(Prototypes.Value, Centers, Tau));
    }

    private protected override void WriteLogits(int label, ReadOnlySpan<float> values, Span<float> logits)
    {
        for (int c = 0; c < logits.Length; c++)
        {
            logits[c] = (float)(Lambda * (Soft(values.Slice(c * Centers, Centers)).Similarity - (c == label ? Margin : 0)));
        }
    }

    private protected override void Spread(int label, ReadOnlySpan<float> values, ReadOnlySpan<float> byLogits, Span<float> gradient)
    {
        for (int c = 0; c < byLogits.Length; c++)
        {
            ReadOnlySpan<float> own = values.Slice(c * Centers, Centers);
            (double similarity, double max, double sum) = Soft(own);
            for (int k = 0; k < Centers; k++)
            {
                double share = Math.Exp((own[k] - max) / Gamma) / sum;
                gradient[(c * Centers) + k] = (float)(Lambda * byLogits[c] * share * (1 + ((own[k] - similarity) / Gamma)));
            }
        }
    }

    private (double Similarity, double Max, double Sum) Soft(ReadOnlySpan<float> cosines)
    {
        (double max, double sum, double weighted) = (cosines[SubCenterReport.Largest(cosines)], 0, 0);
        foreach (float cosine in cosines)
        {
            double e = Math.Exp((cosine - max) / Gamma);
            (sum, weighted) = (sum + e, weighted + (e * cosine));
        }

        return (weighted / sum, max, sum);
    }
}
