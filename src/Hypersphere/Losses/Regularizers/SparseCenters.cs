using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Regularizers;

/// <summary>Centres of a class merge when they are not needed.</summary>
/// <remarks>R = Σ_c Σ_{k&lt;k'} √(2 + 10⁻⁵ − 2·ŵ_ck·ŵ_ck') / (C·K·(K − 1)), for losses with several prototypes a class (0 with one).
/// Nothing is detached. Cost C·K²·D flops. Qian et al., ICCV 2019, eq. 9.</remarks>
[Component(
    "sparse-centers", Summary = "centres of a class merge when they are not needed", Equation = "R = Σ √(2 − 2·ŵ_ck·ŵ_ck') / (C·K·(K − 1))",
    Paper = "Qian et al., SoftTriple loss, ICCV 2019, eq. 9", Peers = "pytorch-metric-learning",
    Cost = "C·K²·D flops; unit prototypes and their derivatives")]
public sealed class SparseCenters : Regularizer
{
    /// <inheritdoc/>
    public override bool NeedsPrototypes => true;

    internal override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, Tensor? prototypes, int centers) =>
        CenterSpread.Forward(prototypes!, centers, weight: 1);
}
