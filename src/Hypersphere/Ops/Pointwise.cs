using Hypersphere.Backends;
using Hypersphere.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypersphere.Ops;

/// <summary>Functions of single numbers, for imported networks.</summary>
internal static class Pointwise
{
    /// <summary>x clamped to [low, high]; gradient 1 inside and on the border, 0 outside.</summary>
    public static Tensor Clip(Tensor x, float low, float high)
    {
        Tensor y = Tensor.Empty(x.Shape);
        TensorPrimitives.Clamp(x.Span, low, high, y.Span);
        return Remember(x, y, (from, _) => from >= low && from <= high ? 1 : 0);
    }

    /// <summary>1 / (1 + e^−x).</summary>
    public static Tensor Sigmoid(Tensor x)
    {
        Tensor y = Tensor.Empty(x.Shape);
        TensorPrimitives.Sigmoid(x.Span, y.Span);
        return Remember(x, y, (_, to) => to * (1 - to));
    }

    private static Tensor Remember(Tensor x, Tensor y, Func<float, float, float> slope) => Tape.Remember(y, x.NeedsGradient, dy =>
    {
        Tensor dx = Tensor.Empty(x.Shape);
        Span<float> from = x.Span, to = y.Span, above = dy.Span, below = dx.Span;
        for (int i = 0; i < below.Length; i++)
        {
            below[i] = above[i] * slope(from[i], to[i]);
        }

        Backend.Current.Pass(dx, GradientTarget.Of(x));
    });
}
