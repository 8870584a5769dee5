using System.ComponentModel;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>Chooses triplets that are worth learning from.</summary>
public abstract class TripletMiner
{
    /// <summary>Takes what the miner compares by.</summary>
    protected TripletMiner(Distance? distance = null) => Distance = distance ?? new LpDistance();

    /// <summary>How the miner compares, whatever the loss compares by.</summary>
    [ComponentOption]
    [Description("how the miner compares")]
    public Distance Distance { get; init; }

    /// <summary>The triplets that the miner chooses.</summary>
    /// <param name="embeddings">[N, D].</param>
    /// <param name="labels">N classes; −1 leaves a row out.</param>
    /// <param name="random">For miners that draw.</param>
    public IReadOnlyList<Triplet> Mine(Tensor embeddings, ReadOnlyMemory<int> labels, Rng random = default)
    {
        using Scope scope = Scope.Begin();
        PairSides sides = PairSides.Of(labels, random);
        PairBatch batch = Look(embeddings, embeddings, sides, PairBatch.Relate(sides));
        List<Triplet> triplets = [];
        for (int i = 0; i < batch.Anchors; i++)
        {
            int anchor = i;
            Mine(batch, i, (p, n) => triplets.Add(new(anchor, p, n)));
        }

        return triplets;
    }

    /// <summary>Calls <paramref name="visit"/> with (positive, negative) for every triplet of an anchor that is chosen.</summary>
    /// <param name="batch">Values by the miner's distance; no gradients.</param>
    /// <param name="anchor">The anchor.</param>
    /// <param name="visit">Told (positive, negative).</param>
    protected internal abstract void Mine(PairBatch batch, int anchor, Action<int, int> visit);

    /// <summary>The full specification.</summary>
    public override string ToString() => Registry<TripletMiner>.SpecOf(this);

    /// <summary>Every triplet of an anchor.</summary>
    internal static void All(PairBatch batch, int anchor, Action<int, int> visit)
    {
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        int negatives = batch.Count(anchor, Relation.Negative);
        for (int p = 0; p < relations.Length && negatives > 0; p++)
        {
            for (int n = 0; n < relations.Length && relations[p] == Relation.Positive; n++)
            {
                if (relations[n] == Relation.Negative)
                {
                    visit(p, n);
                }
            }
        }
    }

    internal PairBatch Look(Tensor embeddings, Tensor references, in PairSides sides, Tensor relations) =>
        new(Distance, Tape.Pause(() => Distance.Matrix(embeddings, references)), relations, null, sides) { Dimensions = embeddings.Shape[1] };
}
