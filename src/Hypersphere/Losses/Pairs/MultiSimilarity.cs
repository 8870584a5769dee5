using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Soft-weighted positives and negatives around a base similarity.</summary>
/// <remarks>ℓᵢ = 1/α·log(1 + Σ_{p} e^{−α(s_p − λ)}) + 1/β·log(1 + Σ_{n} e^{β(s_n − λ)}), mean over the anchors. Wang et al., CVPR 2019, eq.
/// 15; its mining is the miner «multi-similarity».</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="alpha">α, sharpness over the positives.</param>
/// <param name="beta">β, sharpness over the negatives.</param>
/// <param name="base">λ, in units of the similarity.</param>
[Component(
    "multi-similarity", Summary = "soft-weighted positives and negatives around a base similarity",
    Equation = "ℓᵢ = 1/α·log(1 + Σ e^{−α(s⁺ − λ)}) + 1/β·log(1 + Σ e^{β(s⁻ − λ)})",
    Paper = "Wang et al., Multi-similarity loss with general pair weighting, CVPR 2019, eq. 15",
    Peers = "pytorch-metric-learning's MultiSimilarityLoss; the paper's own code mines first: miner=multi-similarity", Cost = "6·N·M·D flops and N·M terms; 2·N·M numbers and N·M bytes")]
public sealed class MultiSimilarity(
    LossContext context,
    [Range(0.001, 1000), Description("sharpness α over the positives")] float alpha = 2,
    [Range(0.001, 1000), Description("sharpness β over the negatives")] float beta = 50,
    [Range(-100, 100), Description("base similarity λ")] float @base = 0.5f)
    : AnchorLoss(context, new CosineSimilarity(), new MeanReduction())
{
    /// <summary>α.</summary>
    public float Alpha { get; } = alpha;

    /// <summary>β.</summary>
    public float Beta { get; } = beta;

    /// <summary>λ.</summary>
    public float Base { get; } = @base;

    /// <inheritdoc/>
    protected override double Term(PairBatch batch, int anchor)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int sign = -batch.Distance.Sign;
        return Side(batch, anchor, Relation.Positive, -Alpha * sign) + Side(batch, anchor, Relation.Negative, Beta * sign);
    }

    /// <summary>1/|k|·log(1 + Σ e^{k(s − λ)}) over one relation.</summary>
    private double Side(PairBatch batch, int anchor, Relation relation, double k)
    {
        LogSumExp sum = new(0);
        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        for (int j = 0; j < values.Length; j++)
        {
            if (relations[j] == relation)
            {
                sum.Add(k * (values[j] - Base));
            }
        }

        Span<float> gradients = batch.Gradients(anchor);
        for (int j = 0; j < values.Length; j++)
        {
            if (relations[j] == relation)
            {
                gradients[j] = (float)(Math.Sign(k) * sum.Share(k * (values[j] - Base)));
            }
        }

        return sum.Value / Math.Abs(k);
    }
}
