using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>The mean over all items.</summary>
[Component("mean", Summary = "mean over all items", Equation = "Σ ℓ / n")]
public sealed class MeanReduction : Reduction
{
    /// <inheritdoc/>
    public override double Weight(double loss, int label) => 1;

    /// <inheritdoc/>
    public override double Divisor(long items, double weights) => items;
}
