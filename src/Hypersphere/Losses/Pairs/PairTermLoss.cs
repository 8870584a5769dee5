using System.ComponentModel;
using Hypersphere.Ops;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>A pair loss that is a term for every pair: positives and negatives are reduced apart, then added.</summary>
public abstract class PairTermLoss : PairLoss
{
    /// <summary>Takes what the loss compares by and how it is reduced.</summary>
    protected PairTermLoss(LossContext context, Distance distance, Reduction reduction)
        : base(context, distance) => Reduction = reduction;

    /// <summary>How the terms of the pairs become one, positives and negatives apart.</summary>
    [ComponentOption]
    [Description("how the pairs' terms become one")]
    public Reduction Reduction { get; init; }

    /// <summary>The term of a positive pair and its derivative.</summary>
    protected abstract (double Loss, double Slope) Positive(float value);

    /// <summary>The term of a negative pair and its derivative.</summary>
    protected abstract (double Loss, double Slope) Negative(float value);

    /// <inheritdoc/>
    protected sealed override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        (Tally Positives, Tally Negatives)[] rows = new (Tally, Tally)[batch.Anchors];
        ParallelRows.Run(rows.Length, i => rows[i] = Row(batch, i));
        (Tally positives, Tally negatives) = (new(Reduction), new(Reduction));
        foreach ((Tally p, Tally n) in rows)
        {
            positives.Add(p);
            negatives.Add(n);
        }

        ParallelRows.Run(rows.Length, i => Scale(batch, i, (float)positives.Factor, (float)negatives.Factor));
        return positives.Value + negatives.Value;
    }

    private static void Scale(PairBatch batch, int anchor, float positive, float negative)
    {
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        Span<float> gradients = batch.Gradients(anchor);
        for (int j = 0; j < gradients.Length; j++)
        {
            gradients[j] *= relations[j] == Relation.Positive ? positive : negative;
        }
    }

    private (Tally Positives, Tally Negatives) Row(PairBatch batch, int anchor)
    {
        (Tally positives, Tally negatives) = (new(Reduction), new(Reduction));
        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        Span<float> gradients = batch.Gradients(anchor);
        (int label, int settledPositives, int settledNegatives) = (batch.Labels[anchor], 0, 0);
        for (int j = 0; j < values.Length; j++)
        {
            if (relations[j] == Relation.None)
            {
                continue;
            }

            bool isPositive = relations[j] == Relation.Positive;
            (double loss, double slope) = isPositive ? Positive(values[j]) : Negative(values[j]);
            if (loss != 0 || slope != 0)
            {
                gradients[j] = (float)((isPositive ? positives : negatives).Add(loss, label) * slope);
            }
            else if (isPositive)
            {
                settledPositives++;
            }
            else
            {
                settledNegatives++;
            }
        }

        positives.Add(0, label, settledPositives);
        negatives.Add(0, label, settledNegatives);
        return (positives, negatives);
    }
}
