using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>cos = xᵢ·rⱼ / (‖xᵢ‖‖rⱼ‖) in [−1, 1]; 0 with a zero row. Cost 2·N·M·D flops.</summary>
[Component("cosine", Summary = "cosine similarity", Equation = "xᵢ·rⱼ / (‖xᵢ‖‖rⱼ‖)")]
public sealed class CosineSimilarity : Distance
{
    /// <inheritdoc/>
    public override bool IsSimilarity => true;

    /// <inheritdoc/>
    public override bool Normalize => true;

    private protected override Tensor Values(Tensor x, Tensor references) => Similarity.Products(x, references);
}
