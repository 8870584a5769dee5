using System.ComponentModel;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>A pair loss that is a term for every positive pair, against the negatives of its anchor; reduced over the positive
/// pairs.</summary>
public abstract class PositivePairLoss : PairLoss
{
    /// <summary>Takes what the loss compares by and how it is reduced.</summary>
    protected PositivePairLoss(LossContext context, Distance distance, Reduction reduction)
        : base(context, distance) => Reduction = reduction;

    /// <summary>How the terms of the positive pairs become one.</summary>
    [ComponentOption]
    [Description("how the positive pairs' terms become one")]
    public Reduction Reduction { get; init; }

    /// <summary>The terms of one anchor; called for several at once.</summary>
    /// <param name="batch">The batch; write weight·dTerm/dValue into the anchor's gradients.</param>
    /// <param name="anchor">Its row; one that takes no part has no relations.</param>
    /// <param name="tally">Counts every term and answers its weight.</param>
    protected abstract void Terms(PairBatch batch, int anchor, Tally tally);

    /// <inheritdoc/>
    protected override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Tally tally = Tally.OfRows(batch.Anchors, Reduction, (i, row) => Terms(batch, i, row));
        batch.ScaleGradients(tally.Factor);
        return tally.Value;
    }
}
