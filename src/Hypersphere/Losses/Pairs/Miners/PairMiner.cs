using System.ComponentModel;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>Chooses pairs that are worth learning from.</summary>
public abstract class PairMiner
{
    /// <summary>Takes what the miner compares by.</summary>
    protected PairMiner(Distance? distance = null) => Distance = distance ?? new LpDistance();

    /// <summary>How the miner compares, whatever the loss compares by.</summary>
    [ComponentOption]
    [Description("how the miner compares")]
    public Distance Distance { get; init; }

    /// <summary>The pairs that the miner chooses.</summary>
    /// <param name="embeddings">[N, D].</param>
    /// <param name="labels">N classes; −1 leaves a row out.</param>
    /// <param name="random">For miners that draw.</param>
    public IReadOnlyList<LabelledPair> Mine(Tensor embeddings, ReadOnlyMemory<int> labels, Rng random = default)
    {
        using Scope scope = Scope.Begin();
        PairSides sides = PairSides.Of(labels, random);
        Tensor relations = PairBatch.Relate(sides);
        Narrow(embeddings, embeddings, sides, relations);
        PairBatch batch = new(Distance, relations, relations, null, sides);
        return [.. from i in Enumerable.Range(0, batch.Anchors)
                   from j in Enumerable.Range(0, batch.References)
                   let relation = batch.Relations(i)[j]
                   where relation != Relation.None
                   select new LabelledPair(i, j, relation == Relation.Positive)];
    }

    /// <summary>Takes pairs out of <paramref name="keep"/>, which begins as all pairs, by setting them to none.</summary>
    /// <param name="batch">Values by the miner's distance; no gradients.</param>
    /// <param name="keep">Changed.</param>
    protected abstract void Choose(PairBatch batch, PairChoice keep);

    /// <summary>The full specification.</summary>
    public override string ToString() => Registry<PairMiner>.SpecOf(this);

    internal void Narrow(Tensor embeddings, Tensor references, in PairSides sides, Tensor relations)
    {
        Tensor all = Tensor.From(relations.Span, relations.Shape);
        PairBatch batch = new(Distance, Tape.Pause(() => Distance.Matrix(embeddings, references)), all, null, sides)
        {
            Dimensions = embeddings.Shape[1],
        };
        Choose(batch, new(new PairBatch(Distance, relations, relations, null, sides)));
    }
}
