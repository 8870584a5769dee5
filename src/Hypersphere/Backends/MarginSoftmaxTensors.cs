using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <summary>What a margin softmax is computed on.</summary>
internal sealed record MarginSoftmaxTensors(Tensor Embeddings, Tensor Prototypes, Tensor Labels, MarginSoftmaxSettings Settings)
{
    /// <summary>[N], tᵢ of the hard negatives; null leaves every other class as it is.</summary>
    public Tensor? Thresholds { get; init; }

    /// <summary>What becomes of cosines above their threshold.</summary>
    public NegativeRule? Negatives { get; init; }
}
