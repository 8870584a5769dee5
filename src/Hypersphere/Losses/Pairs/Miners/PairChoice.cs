namespace Hypersphere.Losses.Pairs;

/// <summary>What a miner leaves of the pairs of a batch.</summary>
public sealed class PairChoice
{
    private readonly PairBatch _pairs;

    internal PairChoice(PairBatch pairs) => _pairs = pairs;

    /// <summary>[M], the relations of an anchor, to be set to none where a pair is not chosen. Rows may be worked on in parallel.</summary>
    public Span<Relation> this[int anchor] => _pairs.WritableRelations(anchor);
}
