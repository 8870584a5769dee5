using Hypersphere.Ops;

namespace Hypersphere.Losses.Pairs;

/// <summary>A miner of pairs that looks at one anchor at a time.</summary>
public abstract class AnchorMiner : PairMiner
{
    /// <summary>Takes what the miner compares by.</summary>
    protected AnchorMiner(Distance? distance = null)
        : base(distance)
    {
    }

    /// <inheritdoc/>
    protected sealed override void Choose(PairBatch batch, PairChoice keep)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(keep);
        ParallelRows.Run(batch.Anchors, i => Choose(batch, i, keep[i]));
    }

    /// <summary>Takes pairs of one anchor out by setting them to none; called for several at once.</summary>
    /// <param name="batch">Values by the miner's distance; no gradients.</param>
    /// <param name="anchor">The anchor.</param>
    /// <param name="keep">[M], begins as all its pairs.</param>
    protected abstract void Choose(PairBatch batch, int anchor, Span<Relation> keep);
}
