using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>A module that maps one tensor to another.</summary>
public abstract class Layer : Module
{
    /// <summary>Applies the layer.</summary>
    /// <param name="x">Input; the layer's documentation states its shape.</param>
    /// <exception cref="ShapeException">The input has another shape.</exception>
    public Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor y = Compute(x);
        if (!HasChildren)
        {
            GraphRecorder.Current?.Record(this, y, x);
        }

        GC.KeepAlive(x); // kernels have no more than its pointer
        return y;
    }

    /// <summary>The layer's own work.</summary>
    protected abstract Tensor Compute(Tensor x);

    private protected static void RequireImages(string where, Tensor x, int channels)
    {
        if (x.Shape.Rank != 4 || x.Shape[3] != channels)
        {
            Throw.Shape(
                where, "the input", $"[N, H, W, {channels}]", x.Shape.ToString(),
                x.Shape.Rank == 4 && x.Shape[1] == channels ? "images are channels-last here, not [N, C, H, W]" : null);
        }
    }
}
