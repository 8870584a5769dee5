using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Every similarity weighted by its own distance from the optimum, all positives against all negatives.</summary>
/// <remarks>ℓ = log(1 + Σ_n e^{γ·αₙ(sₙ − m)} · Σ_p e^{−γ·αₚ(sₚ − 1 + m)}) with αₚ = [1 + m − sₚ]₊ and αₙ = [sₙ + m]₊. Sun et al., CVPR
/// 2020, eq. 5–6. The paper states it for one sample: <c>scope=anchor</c>, the default, is that, with the mean over the anchors whose loss
/// is not 0 (as in pytorch-metric-learning); <c>scope=batch</c> is the CircleLoss repository's, one softplus over all unordered pairs,
/// whatever the reduction. The weights α are constants while differentiating (<c>detach</c>), as in the paper, so a gradient vanishes at sₚ
/// = 1 + m and sₙ = −m; <c>detach=false</c> gives the true derivative, which lets go of pairs as they near the optimum. An anchor (or a
/// batch) without positives or without negatives has loss 0. Duplicates are positives or negatives like any other. Time N·M exponentials;
/// memory 2·N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">m.</param>
/// <param name="gamma">γ.</param>
/// <param name="scope">Over what one softplus is taken.</param>
/// <param name="detach">Whether α is constant while differentiating.</param>
[Component(
    "circle", Summary = "self-weighted similarities, all positives against all negatives of an anchor or of the batch",
    Equation = "ℓ = log(1 + Σ e^{γ[s⁻ + m]₊(s⁻ − m)} · Σ e^{−γ[1 + m − s⁺]₊(s⁺ − 1 + m)})",
    Paper = "Sun et al., Circle loss, CVPR 2020, eq. 5–6",
    Peers = "pytorch-metric-learning's CircleLoss; the CircleLoss repository with scope=batch (its example: samples/CircleLossClassic). Both hold α constant; "
        + "FaceX-Zoo's and face.evoLVe's circle is a softmax over class prototypes",
    Detached = "holds the weights α constant, as the paper does, so that each pair is pulled in proportion to its distance from the optimum; "
        + "detach=false differentiates them too",
    Cost = "6·N·M·D flops and 2·N·M exponentials; 2·N·M numbers and N·M bytes")]
public sealed class Circle(
    LossContext context,
    [Range(-1, 1), Description("relaxation m: optima at sₚ = 1 + m and sₙ = −m, boundary at 1 − m and m")] float margin = 0.4f,
    [Range(0.001, 10000), Description("scale γ")] float gamma = 80,
    [Description("one softplus for each anchor, or one for all pairs of the batch")] CircleScope scope = CircleScope.Anchor,
    [Description("weights α constant while differentiating, as in the paper")] bool detach = true)
    : AnchorLoss(context, new CosineSimilarity(), new NonZeroMeanReduction())
{
    /// <summary>m.</summary>
    public float Margin { get; } = margin;

    /// <summary>γ.</summary>
    public float Gamma { get; } = gamma;

    /// <summary>Over what one softplus is taken.</summary>
    public CircleScope Scope { get; } = scope;

    /// <summary>Whether α is constant while differentiating.</summary>
    public bool Detach { get; } = detach;

    /// <inheritdoc/>
    protected override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!batch.Distance.IsSimilarity)
        {
            throw new InputException($"circle: distance must be a similarity but is {batch.Distance}; use cosine or dot.");
        }

        return Scope == CircleScope.Anchor ? base.Evaluate(batch) : OfBatch(batch);
    }

    /// <inheritdoc/>
    protected override double Term(PairBatch batch, int anchor)
    {
        ArgumentNullException.ThrowIfNull(batch);
        (LogSumExp positives, LogSumExp negatives) = Sums(batch, anchor);
        Write(batch, anchor, positives, negatives);
        return positives.IsEmpty || negatives.IsEmpty ? 0 : Smooth.Softplus(positives.Value + negatives.Value);
    }

    private double OfBatch(PairBatch batch)
    {
        (LogSumExp Positives, LogSumExp Negatives)[] rows = new (LogSumExp, LogSumExp)[batch.Anchors];
        ParallelRows.Run(rows.Length, i => rows[i] = Sums(batch, i));
        (LogSumExp positives, LogSumExp negatives) = (new(), new());
        foreach ((LogSumExp p, LogSumExp n) in rows)
        {
            positives.Add(p);
            negatives.Add(n);
        }

        ParallelRows.Run(rows.Length, i => Write(batch, i, positives, negatives));
        return positives.IsEmpty || negatives.IsEmpty ? 0 : Smooth.Softplus(positives.Value + negatives.Value);
    }

    private (LogSumExp Positives, LogSumExp Negatives) Sums(PairBatch batch, int anchor)
    {
        (LogSumExp positives, LogSumExp negatives) = (new(), new());
        ReadOnlySpan<float> values = batch.Values(anchor);
        for (int j = 0; j < values.Length; j++)
        {
            if (Counts(batch, anchor, j))
            {
                bool isPositive = batch.Relations(anchor)[j] == Relation.Positive;
                (isPositive ? ref positives : ref negatives).Add(Logit(values[j], isPositive).Value);
            }
        }

        return (positives, negatives);
    }

    private void Write(PairBatch batch, int anchor, in LogSumExp positives, in LogSumExp negatives)
    {
        if (positives.IsEmpty || negatives.IsEmpty)
        {
            return;
        }

        double slope = Smooth.Sigmoid(positives.Value + negatives.Value);
        ReadOnlySpan<float> values = batch.Values(anchor);
        Span<float> gradients = batch.Gradients(anchor);
        for (int j = 0; j < values.Length; j++)
        {
            if (Counts(batch, anchor, j))
            {
                bool isPositive = batch.Relations(anchor)[j] == Relation.Positive;
                (double value, double derivative) = Logit(values[j], isPositive);
                gradients[j] = (float)(slope * (isPositive ? positives : negatives).Share(value) * derivative);
            }
        }
    }

    private bool Counts(PairBatch batch, int anchor, int other) =>
        batch.Relations(anchor)[other] != Relation.None && (Scope == CircleScope.Anchor || !batch.IsRepeat(anchor, other));

    /// <summary>γ·α·(s − Δ) with its sign, and its slope in s.</summary>
    private (double Value, double Slope) Logit(double s, bool isPositive)
    {
        double m = Margin, alpha = isPositive ? Math.Max(0, 1 + m - s) : Math.Max(0, s + m), past = isPositive ? 1 - m - s : s - m;
        int sign = isPositive ? -1 : 1;
        return (Gamma * alpha * past, Gamma * sign * (alpha + (Detach || alpha == 0 ? 0 : past)));
    }
}
