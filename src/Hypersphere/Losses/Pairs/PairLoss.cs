using System.ComponentModel;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>A loss over pairs: positives of one class, negatives of two.</summary>
public abstract class PairLoss : PairwiseLoss
{
    private IReadOnlyList<LabelledPair>? _given;

    /// <summary>Takes what the loss compares by.</summary>
    protected PairLoss(LossContext context, Distance distance)
        : base(context, distance)
    {
    }

    /// <summary>Which pairs count; all when there is none.</summary>
    [ComponentOption]
    [Description("which pairs count; without one, all")]
    public PairMiner? Miner { get; init; }

    /// <summary>The loss over given pairs only.</summary>
    /// <param name="embeddings">[N, D].</param>
    /// <param name="labels">N classes.</param>
    /// <param name="pairs">Which pairs count, each once.</param>
    public Tensor Forward(Tensor embeddings, ReadOnlyMemory<int> labels, IReadOnlyList<LabelledPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        _given = pairs;
        try
        {
            return Forward(embeddings, labels);
        }
        finally
        {
            _given = null;
        }
    }

    private protected sealed override void Mine(Tensor embeddings, Tensor references, in PairSides sides, Tensor relations)
    {
        if (_given is { } pairs)
        {
            relations.Span.Clear();
            PairBatch batch = new(Distance, relations, relations, null, sides);
            foreach (LabelledPair pair in pairs)
            {
                batch.WritableRelations(pair.Anchor)[pair.Other] = pair.IsPositive ? Relation.Positive : Relation.Negative;
            }
        }
        else
        {
            Miner?.Narrow(embeddings, references, sides, relations);
        }
    }
}
