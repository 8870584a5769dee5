using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>The sum over all items.</summary>
[Component("sum", Summary = "sum over all items", Equation = "Σ ℓ")]
public sealed class SumReduction : Reduction
{
    /// <inheritdoc/>
    public override double Weight(double loss, int label) => 1;

    /// <inheritdoc/>
    public override double Divisor(long items, double weights) => 1;
}
