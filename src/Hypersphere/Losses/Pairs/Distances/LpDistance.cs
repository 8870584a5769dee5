using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>‖xᵢ − rⱼ‖ₚ^power; on unit rows with p = 2 that is √(2 − 2cos). At distance 0 its gradient is 0 (for powers under 2).</summary>
/// <remarks>p = 2 takes one product, 2·N·M·D flops; other p go coordinate by coordinate, N·M·D powers.</remarks>
/// <param name="p">Which norm.</param>
/// <param name="power">Power of the norm; 2 with p = 2 is the squared distance.</param>
/// <param name="normalize">Whether embeddings are brought to length 1 (in the 2-norm) first.</param>
[Component("lp", Aliases = "l2, euclidean", Summary = "distance in the p-norm", Equation = "‖xᵢ − rⱼ‖ₚ^power")]
public sealed class LpDistance(
    [Range(1, 16), Description("which norm p")] float p = 2,
    [Range(0.5, 4), Description("power of the norm")] float power = 1,
    [Description("bring embeddings to length 1 first")] bool normalize = true) : Distance
{
    /// <summary>Which norm.</summary>
    public float P { get; } = p;

    /// <summary>Power of the norm.</summary>
    public float Power { get; } = power;

    /// <inheritdoc/>
    public override bool IsSimilarity => false;

    /// <inheritdoc/>
    public override bool Normalize { get; } = normalize;

    private protected override Tensor Values(Tensor x, Tensor references) =>
        P == 2 ? EuclideanDistances.Forward(x, references, Power) : LpDistances.Forward(x, references, P, Power);
}
