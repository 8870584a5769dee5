using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>How Proxy-NCA compares.</summary>
public enum ProxyDistance
{
    /// <summary>‖x̂ − p̂‖² = 2 − 2·cos θ, so that the scale of the cosine doubles.</summary>
    Euclidean,

    /// <summary>−cos θ.</summary>
    Cosine,
}

/// <summary>Neighbourhood components analysis against one proxy a class.</summary>
/// <remarks>ℓᵢ = −log( e^{−σ·d(xᵢ, p_y)} / Σⱼ e^{−σ·d(xᵢ, pⱼ)} ), d = ‖x̂ − p̂‖² of unit vectors: cosine softmax with s = 2σ. That is the
/// form of NCA++ and pytorch-metric-learning; with <c>excludeOwn</c> the own proxy is left out of the sum, as in the original paper, where
/// the loss may be negative. Nothing is detached. Cost 3 · 2·N·C·D flops; holds N×C exponentials, or nothing beyond
/// <see cref="LossContext.ScratchBudget"/>; with <c>excludeOwn</c> two N×C matrices. Movshovitz-Attias et al., ICCV 2017, eq. 4.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="softmaxScale">σ.</param>
/// <param name="distance">Squared Euclidean, or the cosine.</param>
/// <param name="excludeOwn">Whether the own proxy is left out of the denominator.</param>
[Component(
    "proxy-nca", Summary = "neighbourhood components analysis against proxies",
    Equation = "ℓ = −log( e^{−σ·‖x̂ − p̂_y‖²} / Σⱼ e^{−σ·‖x̂ − p̂ⱼ‖²} )",
    Paper = "Movshovitz-Attias et al., No fuss distance metric learning using proxies, ICCV 2017",
    Peers = "pytorch-metric-learning; the original paper with exclude_own=true",
    Cost = "3 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 4 products); "
        + "with exclude_own N×C cosines and their derivatives")]
public sealed class ProxyNca(
    LossContext context,
    [Range(0.01, 2048), Description("factor σ of the distances")] float softmaxScale = 1f,
    [Description("distance between unit vectors")] ProxyDistance distance = ProxyDistance.Euclidean,
    [Description("leave the own proxy out of the denominator, as the paper does")] bool excludeOwn = false)
    : MarginSoftmaxLoss(context, distance == ProxyDistance.Euclidean ? 2 * softmaxScale : softmaxScale)
{
    /// <summary>σ.</summary>
    public float SoftmaxScale { get; } = softmaxScale;

    /// <summary>Squared Euclidean, or the cosine.</summary>
    public ProxyDistance Distance { get; } = distance;

    /// <summary>Whether the own proxy is left out of the denominator.</summary>
    public bool ExcludeOwn { get; } = excludeOwn;

    /// <inheritdoc/>
    protected override void Target(in TargetBatch batch)
    {
        batch.Cosines.CopyTo(batch.Values);
        batch.Slopes.Fill(1f);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights)
    {
        if (!ExcludeOwn)
        {
            return base.Compute(embeddings, labels, sampleWeights);
        }

        if (Focal > 0 || Smoothing > 0 || Filter > 0 || SampleRate < 1 || SampledClasses is not null || SparseGradient > 0)
        {
            throw new InputException("proxy-nca: focal, smoothing, filter, Partial FC and sparse gradients need the own class in the sum; leave exclude_own out.");
        }

        Tensor cosines = Similarity.Products(Similarity.Unit(embeddings), Similarity.Unit(Prototypes.Value));
        return RowFunction.Forward(cosines, labels, sampleWeights, focal: 0, (row, values, gradient) => Row(values, gradient, labels.Span[row]));
    }

    /// <summary>log Σ_{j≠y} e^{s·cosⱼ} − s·cos_y; 0 when there is no other class.</summary>
    private double Row(ReadOnlySpan<float> cosines, Span<float> gradient, int label)
    {
        (double max, double sum) = (double.NegativeInfinity, 0);
        for (int j = 0; j < cosines.Length; j++)
        {
            max = j == label ? max : Math.Max(max, cosines[j]);
        }

        for (int j = 0; j < cosines.Length; j++)
        {
            sum += j == label ? 0 : Math.Exp(Scale * (cosines[j] - max));
        }

        if (sum == 0)
        {
            return 0;
        }

        for (int j = 0; j < cosines.Length; j++)
        {
            gradient[j] = j == label ? -Scale : (float)(Scale * Math.Exp(Scale * (cosines[j] - max)) / sum);
        }

        return Math.Log(sum) + (Scale * (max - cosines[label]));
    }
}
