using Hypersphere.Backends;
using Hypersphere.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypersphere.Ops;

/// <summary>y = scale · x + shift with constants for each element of the last axis.</summary>
internal static class ChannelAffine
{
    public static Tensor Forward(Tensor x, Tensor scale, Tensor shift)
    {
        int run = scale.Count;
        Tensor y = Tensor.Empty(x.Shape);
        for (int i = 0; i < x.Count; i += run)
        {
            TensorPrimitives.MultiplyAdd(x.Span.Slice(i, run), scale.Span, shift.Span, y.Span.Slice(i, run));
        }

        return Tape.Remember(y, x.NeedsGradient, dy =>
        {
            Tensor dx = Tensor.Empty(x.Shape);
            for (int i = 0; i < x.Count; i += run)
            {
                TensorPrimitives.Multiply(dy.Span.Slice(i, run), scale.Span, dx.Span.Slice(i, run));
            }

            Backend.Current.Pass(dx, GradientTarget.Of(x));
        });
    }
}
