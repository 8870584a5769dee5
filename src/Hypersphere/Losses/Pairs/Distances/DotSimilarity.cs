using System.ComponentModel;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>xᵢ·rⱼ, of the embeddings as they are unless told to normalise. Cost 2·N·M·D flops.</summary>
/// <param name="normalize">Whether embeddings are brought to length 1 first, which makes it the cosine.</param>
[Component("dot", Summary = "dot product", Equation = "xᵢ·rⱼ")]
public sealed class DotSimilarity([Description("bring embeddings to length 1 first")] bool normalize = false) : Distance
{
    /// <inheritdoc/>
    public override bool IsSimilarity => true;

    /// <inheritdoc/>
    public override bool Normalize { get; } = normalize;

    private protected override Tensor Values(Tensor x, Tensor references) => Similarity.Products(x, references);
}
