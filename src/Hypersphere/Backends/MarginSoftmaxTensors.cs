using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <summary>What a margin softmax is computed on.</summary>
internal sealed record MarginSoftmaxTensors(Tensor Embeddings, Tensor Prototypes, Tensor Labels, float Scale, long ScratchBudget);
