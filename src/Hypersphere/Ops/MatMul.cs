using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>A fully connected layer's product.</summary>
internal static class MatMul
{
    /// <summary>y = x · wᵀ + bias for x [N, in], w [out, in], bias [out].</summary>
    public static Tensor Forward(Tensor x, Tensor weight, Tensor? bias)
    {
        Tensor y = Tensor.Empty(new Shape(x.Shape[0], weight.Shape[0]));
        Backend.Current.MatMul(x, false, weight, true, new(y, false), bias);
        bool needed = x.NeedsGradient || weight.NeedsGradient || bias is { NeedsGradient: true };
        return Tape.Remember(y, needed, dy => Backward(x, weight, bias, dy));
    }

    private static void Backward(Tensor x, Tensor weight, Tensor? bias, Tensor dy)
    {
        GradientTarget dx = GradientTarget.Of(x);
        GradientTarget dWeight = GradientTarget.Of(weight);
        GradientTarget dBias = GradientTarget.Of(bias);
        if (dWeight.Wanted)
        {
            Backend.Current.MatMul(dy, true, x, false, dWeight);
        }

        if (dBias.Wanted)
        {
            Backend.Current.SumRows(dy, dBias);
        }

        if (dx.Wanted)
        {
            Backend.Current.MatMul(dy, false, weight, false, dx);
        }
    }
}
