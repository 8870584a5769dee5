using Hypersphere.Backends;
using Hypersphere.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypersphere.Ops;

/// <summary>A tensor times a single number that may be learned.</summary>
internal static class Multiply
{
    public static Tensor Forward(Tensor x, Tensor factor)
    {
        Tensor y = Tensor.Empty(x.Shape);
        TensorPrimitives.Multiply(x.Span, factor.Item(), y.Span);
        return Tape.Remember(y, x.NeedsGradient || factor.NeedsGradient, dy =>
        {
            if (GradientTarget.Of(x) is { Wanted: true } dx)
            {
                Backend.Current.PassScaled(dy, factor.Item(), dx);
            }

            if (GradientTarget.Of(factor) is { Wanted: true } dFactor)
            {
                double sum = 0;
                for (int i = 0; i < x.Count; i++)
                {
                    sum += (double)dy.Span[i] * x.Span[i];
                }

                Tensor total = Tensor.Empty(factor.Shape);
                total.Span[0] = (float)sum;
                Backend.Current.Pass(total, dFactor);
            }
        });
    }
}
