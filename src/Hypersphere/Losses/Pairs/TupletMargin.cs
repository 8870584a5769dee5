using Hypersphere.Ops;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>A softmax of every positive pair against all negatives of its anchor, with a slack on the positive angle.</summary>
/// <remarks>ℓ_ap = log(1 + Σ_n e^{s·(cos θ_an − cos(θ_ap − β))}), mean over ordered positive pairs. Yu and Tao, Deep metric learning with
/// tuplet margin loss, ICCV 2019, eq. 6; β is subtracted there as well: it leaves hard positives alone that are within β, which in training
/// acts against overfitting. True derivative; at cos θ = ±1, where it has none, that of the last angles that float32 tells apart. An anchor
/// without positives has no term, one without negatives terms of 0. Cosines only. Time N·M exponentials and a few for every positive;
/// memory 2·N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">β, radians.</param>
/// <param name="scale">s.</param>
[Component(
    "tuplet-margin", Summary = "softmax of each positive pair against its anchor's negatives, with a slack angle",
    Equation = "ℓ_ap = log(1 + Σₙ e^{s(cos θ_an − cos(θ_ap − β))})",
    Paper = "Yu and Tao, Deep metric learning with tuplet margin loss, ICCV 2019, eq. 6",
    Peers = "pytorch-metric-learning's TupletMarginLoss (margin in degrees there, 5.73; its arc cosine is not finite for identical positives)",
    Cost = "6·N·M·D flops and 2·N·M exponentials; 2·N·M numbers and N·M bytes")]
public sealed class TupletMargin(
    LossContext context,
    [Range(0, Math.PI / 2), Description("slack angle β of positives, radians")] float margin = 0.1f,
    [Range(0.001, 1000), Description("scale s")] float scale = 64)
    : PositivePairLoss(context, new CosineSimilarity(), new MeanReduction())
{
    /// <summary>β, radians.</summary>
    public float Margin { get; } = margin;

    /// <summary>s.</summary>
    public float Scale { get; } = scale;

    /// <inheritdoc/>
    protected override void Terms(PairBatch batch, int anchor, Tally tally)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tally);
        if (batch.Distance is not { IsSimilarity: true, Normalize: true })
        {
            throw new InputException($"tuplet-margin: has an angle in it and needs the cosine, not {batch.Distance}.");
        }

        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        Span<float> gradients = batch.Gradients(anchor);
        LogSumExp negatives = LogSumExp.Of(values, relations, Relation.Negative, Scale);
        double pushed = 0;
        for (int p = 0; p < values.Length; p++)
        {
            if (relations[p] == Relation.Positive)
            {
                double angle = Angle.Of(values[p]), excess = negatives.IsEmpty ? double.NegativeInfinity : negatives.Value - (Scale * Math.Cos(angle - Margin));
                double slope = tally.Add(Smooth.Softplus(excess), batch.Labels[anchor]) * Smooth.Sigmoid(excess) * Scale;
                gradients[p] = (float)(-slope * Angle.Slope(angle, 1, -Margin));
                pushed += slope;
            }
        }

        negatives.Shares(values, relations, Relation.Negative, Scale, pushed, gradients);
    }
}
