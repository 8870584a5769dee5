namespace Hypersphere.Losses.Pairs;

/// <summary>One positive and one negative of an anchor, chosen by strategy among those whose values lie in a range; the first of equal
/// ones.</summary>
internal sealed record EasyHard(MiningStrategy Positives, MiningStrategy Negatives)
{
    public (float Low, float High) PositiveRange { get; init; } = (float.NegativeInfinity, float.PositiveInfinity);

    public (float Low, float High) NegativeRange { get; init; } = (float.NegativeInfinity, float.PositiveInfinity);

    /// <summary>Refuses strategies that wait for each other.</summary>
    public EasyHard Checked(string where)
    {
        if ((Positives, Negatives) is (MiningStrategy.Semihard, MiningStrategy.Semihard or MiningStrategy.All) or (MiningStrategy.All, MiningStrategy.Semihard))
        {
            throw new ArgumentException($"{where}: semihard needs one choice of the other kind to compare with: hard or easy.");
        }

        return this;
    }

    /// <summary>The chosen columns; −1 where there is none or all are taken.</summary>
    public (int Positive, int Negative) Choose(PairBatch batch, int anchor)
    {
        int positive, negative;
        if (Positives == MiningStrategy.Semihard)
        {
            negative = Extreme(batch, anchor, Relation.Negative, null);
            positive = negative < 0 ? -1 : Extreme(batch, anchor, Relation.Positive, batch.Values(anchor)[negative]);
        }
        else
        {
            positive = Extreme(batch, anchor, Relation.Positive, null);
            float? beyond = Negatives == MiningStrategy.Semihard && positive >= 0 ? batch.Values(anchor)[positive] : null;
            negative = Negatives == MiningStrategy.Semihard && positive < 0 ? -1 : Extreme(batch, anchor, Relation.Negative, beyond);
        }

        return (positive, negative);
    }

    /// <summary>The farthest or nearest of one relation; with a limit only negatives farther, positives nearer than it.</summary>
    private int Extreme(PairBatch batch, int anchor, Relation relation, float? limit)
    {
        bool isPositive = relation == Relation.Positive;
        MiningStrategy strategy = isPositive ? Positives : Negatives;
        if (strategy == MiningStrategy.All)
        {
            return -1;
        }

        (float low, float high) = isPositive ? PositiveRange : NegativeRange;
        int hard = (isPositive ? 1 : -1) * batch.Distance.Sign * (strategy == MiningStrategy.Easy ? -1 : 1), best = -1;
        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        for (int j = 0; j < values.Length; j++)
        {
            if (relations[j] == relation && values[j] >= low && values[j] <= high
                && (limit is not { } bound || hard * values[j] < hard * bound)
                && (best < 0 || hard * values[j] > hard * values[best]))
            {
                best = j;
            }
        }

        return best;
    }
}
