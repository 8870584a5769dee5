using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>The mean over the items whose loss lies strictly between two bounds: drops what is solved and what is probably
/// mislabelled.</summary>
/// <param name="low">Losses must be above it.</param>
/// <param name="high">Losses must be under it.</param>
[Component("threshold", Summary = "mean over items with low < loss < high", Equation = "Σ_{low<ℓ<high} ℓ / #{low<ℓ<high}")]
public sealed class ThresholdReduction(
    [Range(-1e6, 1e6), Description("losses must be above it")] float low = 0,
    [Range(-1e6, 1e6), Description("losses must be under it")] float high = 1e6f) : Reduction
{
    /// <summary>Losses must be above it.</summary>
    public float Low { get; } = low;

    /// <summary>Losses must be under it.</summary>
    public float High { get; } = high;

    /// <inheritdoc/>
    public override double Weight(double loss, int label) => loss > Low && loss < High ? 1 : 0;

    /// <inheritdoc/>
    public override double Divisor(long items, double weights) => weights;
}
