using System.ComponentModel;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>The mean over all items, each times the weight of its anchor's class.</summary>
/// <param name="weights">One factor a class; classes past the end count 1.</param>
[Component("class-weighted", Summary = "mean with a weight for each class", Equation = "Σ w_y·ℓ / n")]
public sealed class ClassWeightedReduction([Description("one factor a class, in order of the classes")] float[]? weights = null) : Reduction
{
    /// <summary>One factor a class.</summary>
    public float[] Weights { get; } = weights ?? [];

    /// <inheritdoc/>
    public override double Weight(double loss, int label) => (uint)label < (uint)Weights.Length ? Weights[label] : 1;

    /// <inheritdoc/>
    public override double Divisor(long items, double weights) => items;
}
