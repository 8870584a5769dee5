using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Keeps the similarities of positives, and those of negatives, near their means.</summary>
/// <remarks>ℓ = [(1 − ε⁺)·μ⁺ − s⁺]₊² over positives + [s⁻ − (1 + ε⁻)·μ⁻]₊² over negatives, each reduced by itself; μ are the means over the
/// batch and carry gradients, as in pytorch-metric-learning. With a distance d⁺ − (1 + ε⁺)·μ⁺ and (1 − ε⁻)·μ⁻ − d⁻. Yu and Tao, ICCV 2019
/// (deep metric learning with tuplet margin loss). It complements a loss that separates, such as tuplet margin. Without positives or
/// negatives that part is 0; so it is for one pair. Time N·M; memory 2·N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="positiveEpsilon">ε⁺, share of the mean.</param>
/// <param name="negativeEpsilon">ε⁻.</param>
[Component(
    "intra-pair-variance", Summary = "positives near their mean similarity, negatives near theirs",
    Equation = "ℓ = [(1 − ε⁺)μ⁺ − s⁺]₊² + [s⁻ − (1 + ε⁻)μ⁻]₊²",
    Paper = "Yu and Tao, Deep metric learning with tuplet margin loss, ICCV 2019",
    Peers = "pytorch-metric-learning's IntraPairVarianceLoss",
    Cost = "6·N·M·D flops and N·M terms; 2·N·M numbers and N·M bytes")]
public sealed class IntraPairVariance(
    LossContext context,
    [Range(0, 1), Description("slack ε⁺ of positive pairs, a share of their mean")] float positiveEpsilon = 0.01f,
    [Range(0, 1), Description("slack ε⁻ of negative pairs")] float negativeEpsilon = 0.01f)
    : PairLoss(context, new CosineSimilarity())
{
    /// <summary>ε⁺.</summary>
    public float PositiveEpsilon { get; } = positiveEpsilon;

    /// <summary>ε⁻.</summary>
    public float NegativeEpsilon { get; } = negativeEpsilon;

    /// <summary>How the terms of the pairs become one, positives and negatives apart.</summary>
    [ComponentOption]
    [Description("how the pairs' terms become one")]
    public Reduction Reduction { get; init; } = new MeanReduction();

    /// <inheritdoc/>
    protected override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int sign = batch.Distance.Sign;
        return Side(batch, Relation.Positive, sign, 1 + (sign * (double)PositiveEpsilon))
            + Side(batch, Relation.Negative, -sign, 1 - (sign * (double)NegativeEpsilon));
    }

    /// <summary>[sign·(v − share·μ)]₊² over the pairs of one relation.</summary>
    private double Side(PairBatch batch, Relation relation, int sign, double share)
    {
        (double Sum, long Count)[] sums = new (double, long)[batch.Anchors];
        ParallelRows.Run(sums.Length, i => sums[i] = Sum(batch, i, relation));
        long count = sums.Sum(s => s.Count);
        double mean = count == 0 ? 0 : sums.Sum(s => s.Sum) / count;
        (Tally Tally, double Slopes)[] rows = new (Tally, double)[batch.Anchors];
        ParallelRows.Run(rows.Length, i => rows[i] = Row(batch, i, relation, sign, share * mean));
        Tally tally = new(Reduction);
        double slopes = 0;
        foreach ((Tally row, double slope) in rows)
        {
            tally.Add(row);
            slopes += slope;
        }

        double back = count == 0 ? 0 : -share * slopes / count;
        ParallelRows.Run(rows.Length, i =>
        {
            Span<float> gradients = batch.Gradients(i);
            for (int j = 0; j < gradients.Length; j++)
            {
                gradients[j] = batch.Relations(i)[j] == relation ? (float)(tally.Factor * (gradients[j] + back)) : gradients[j];
            }
        });
        return tally.Value;
    }

    private static (double Sum, long Count) Sum(PairBatch batch, int anchor, Relation relation)
    {
        double sum = 0;
        ReadOnlySpan<float> values = batch.Values(anchor);
        for (int j = 0; j < values.Length; j++)
        {
            sum += batch.Relations(anchor)[j] == relation ? values[j] : 0;
        }

        return (sum, batch.Count(anchor, relation));
    }

    private (Tally Tally, double Slopes) Row(PairBatch batch, int anchor, Relation relation, int sign, double threshold)
    {
        Tally tally = new(Reduction);
        double slopes = 0;
        ReadOnlySpan<float> values = batch.Values(anchor);
        for (int j = 0; j < values.Length; j++)
        {
            if (batch.Relations(anchor)[j] == relation)
            {
                double past = Math.Max(0, sign * (values[j] - threshold));
                double slope = tally.Add(past * past, batch.Labels[anchor]) * 2 * past * sign;
                batch.Gradients(anchor)[j] = (float)slope;
                slopes += slope;
            }
        }

        return (tally, slopes);
    }
}
