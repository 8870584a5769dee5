using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>A module that makes one tensor of two.</summary>
public abstract class Join : Module
{
    /// <summary>Joins them.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    /// <exception cref="ShapeException">Their shapes do not fit.</exception>
    public Tensor Forward(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        Tensor y = Compute(a, b);
        GraphRecorder.Current?.Record(this, y, a, b);
        return y;
    }

    /// <summary>The join's own work.</summary>
    protected abstract Tensor Compute(Tensor a, Tensor b);
}

/// <summary>a + b, as a residual connection needs it.</summary>
public sealed class Sum : Join
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor a, Tensor b) => Ops.Add.Forward(a, b);
}

/// <summary>a ⊙ b; b may be [N, 1, 1, C] to a's [N, H, W, C], a factor for each channel.</summary>
public sealed class Product : Join
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor a, Tensor b) => Ops.Product.Forward(a, b);
}
