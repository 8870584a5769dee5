using System.ComponentModel;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>A loss over triplets: an anchor, a positive of its class, a negative of another.</summary>
/// <remarks>Triplets are visited, never stored: all of them cost time N·P·M, not memory.</remarks>
public abstract class TripletLoss : PairwiseLoss
{
    private ILookup<int, Triplet>? _given;
    private PairBatch? _mined;

    /// <summary>Takes what the loss compares by.</summary>
    protected TripletLoss(LossContext context, Distance distance)
        : base(context, distance)
    {
    }

    /// <summary>Which triplets count; all when there is none.</summary>
    [ComponentOption]
    [Description("which triplets count; without one, all")]
    public TripletMiner? Miner { get; init; }

    /// <summary>The loss over given triplets only.</summary>
    /// <param name="embeddings">[N, D].</param>
    /// <param name="labels">N classes.</param>
    /// <param name="triplets">Which triplets count.</param>
    public Tensor Forward(Tensor embeddings, ReadOnlyMemory<int> labels, IReadOnlyList<Triplet> triplets)
    {
        ArgumentNullException.ThrowIfNull(triplets);
        _given = triplets.ToLookup(t => t.Anchor);
        try
        {
            return Forward(embeddings, labels);
        }
        finally
        {
            _given = null;
        }
    }

    /// <summary>Whether every triplet counts: none were given, there is no miner.</summary>
    protected bool TakesAll => _given is null && Miner is null;

    /// <summary>Calls <paramref name="visit"/> with (positive, negative) for every triplet of an anchor that counts.</summary>
    protected void EachTriplet(PairBatch batch, int anchor, Action<int, int> visit)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(visit);
        if (_given is not null)
        {
            foreach (Triplet t in _given[anchor])
            {
                visit(t.Positive, t.Negative);
            }
        }
        else if (Miner is not null)
        {
            Miner.Mine(_mined!, anchor, visit);
        }
        else
        {
            TripletMiner.All(batch, anchor, visit);
        }
    }

    private protected sealed override void Mine(Tensor embeddings, Tensor references, in PairSides sides, Tensor relations) =>
        _mined = _given is null ? Miner?.Look(embeddings, references, sides, relations) : null;
}
