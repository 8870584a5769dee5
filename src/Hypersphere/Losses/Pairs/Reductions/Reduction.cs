using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>How the losses of many anchors, pairs or triplets become one: Σ u·ℓ / Z.</summary>
public abstract class Reduction
{
    /// <summary>u, the weight of one item; constant while differentiating.</summary>
    /// <param name="loss">Its loss.</param>
    /// <param name="label">Class of its anchor.</param>
    public abstract double Weight(double loss, int label);

    /// <summary>Z; the reduced loss is 0 where it is 0.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="weights">Σ u.</param>
    public abstract double Divisor(long items, double weights);

    /// <summary>The full specification.</summary>
    public override string ToString() => Registry<Reduction>.SpecOf(this);
}
