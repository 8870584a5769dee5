using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>The mean over the items whose loss is not 0, so that satisfied pairs do not dilute the others.</summary>
[Component("mean-nonzero", Summary = "mean over items with loss > 0", Equation = "Σ ℓ / #{ℓ > 0}")]
public sealed class NonZeroMeanReduction : Reduction
{
    /// <inheritdoc/>
    public override double Weight(double loss, int label) => loss > 0 ? 1 : 0;

    /// <inheritdoc/>
    public override double Divisor(long items, double weights) => weights;
}
