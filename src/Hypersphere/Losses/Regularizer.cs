using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses;

/// <summary>A term beside a loss that keeps embeddings or prototypes in order; used in sums, as in «arcface + 0.1*regular-face».</summary>
public abstract class Regularizer
{
    /// <summary>Whether it is about prototypes rather than embeddings.</summary>
    public virtual bool NeedsPrototypes => false;

    /// <summary>The full specification, as checkpoints store it.</summary>
    public override string ToString() => Registry<Regularizer>.SpecOf(this);

    /// <summary>A single number.</summary>
    /// <param name="embeddings">[N, D].</param>
    /// <param name="labels">N classes; rows of −1 do not count.</param>
    /// <param name="prototypes">[C·K, D] of the loss beside it, if that has any.</param>
    /// <param name="centers">K.</param>
    internal abstract Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, Tensor? prototypes, int centers);
}
