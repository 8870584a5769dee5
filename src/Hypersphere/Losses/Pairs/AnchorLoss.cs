using System.ComponentModel;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;
using Hypersphere.Ops;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>A pair loss that is a term for every anchor, reduced over the anchors.</summary>
public abstract class AnchorLoss : PairLoss
{
    /// <summary>Takes what the loss compares by and how it is reduced.</summary>
    protected AnchorLoss(LossContext context, Distance distance, Reduction reduction)
        : base(context, distance) => Reduction = reduction;

    /// <summary>How the terms of the anchors become one.</summary>
    [ComponentOption]
    [Description("how the anchors' terms become one")]
    public Reduction Reduction { get; init; }

    /// <summary>The term of one anchor; called for several at once.</summary>
    /// <param name="batch">The batch; write dTerm/dValue into the anchor's gradients.</param>
    /// <param name="anchor">Its row.</param>
    /// <returns>The term, or NaN when the anchor takes no part.</returns>
    protected abstract double Term(PairBatch batch, int anchor);

    /// <inheritdoc/>
    protected override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        double[] terms = new double[batch.Anchors];
        ParallelRows.Run(terms.Length, i => terms[i] = batch.Labels[i] < 0 ? double.NaN : Term(batch, i));
        Tally tally = new(Reduction);
        double[] weights = new double[terms.Length];
        for (int i = 0; i < terms.Length; i++)
        {
            weights[i] = double.IsNaN(terms[i]) ? 0 : tally.Add(terms[i], batch.Labels[i]);
        }

        ParallelRows.Run(terms.Length, i =>
        {
            Span<float> gradients = batch.Gradients(i);
            TensorPrimitives.Multiply(gradients, (float)(weights[i] * tally.Factor), gradients);
        });
        return tally.Value;
    }
}
