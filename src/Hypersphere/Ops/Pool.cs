using Hypersphere.Backends;
using Hypersphere.Kernels;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>Pooling of images [N, H, W, C].</summary>
internal static class Pool
{
    /// <summary>The largest value of each window; the first of equals gets the gradient.</summary>
    public static Tensor Max(in PoolShape shape, Tensor x)
    {
        PoolShape s = shape;
        Tensor y = Output(s);
        if (Tape.Recording is null || !x.NeedsGradient)
        {
            Backend.Current.MaxPool(s, x, y, argmax: null);
            return y;
        }

        Tensor argmax = Tensor.Empty(y.Shape);
        Backend.Current.MaxPool(s, x, y, argmax);
        return Tape.Remember(y, true, dy => Backend.Current.MaxPoolBackward(s, dy, argmax, GradientTarget.Of(x)), argmax);
    }

    /// <summary>The mean of each window, the padding counted as zeros.</summary>
    public static Tensor Average(in PoolShape shape, Tensor x)
    {
        PoolShape s = shape;
        Tensor y = Output(s);
        Backend.Current.AveragePool(s, x, y);
        return Tape.Remember(y, x.NeedsGradient, dy => Backend.Current.AveragePoolBackward(s, dy, GradientTarget.Of(x)));
    }

    /// <summary>The mean of each channel over the whole image: [N, C].</summary>
    public static Tensor GlobalAverage(Tensor x)
    {
        Tensor y = Tensor.Empty(new Shape(x.Shape[0], x.Shape[3]));
        Backend.Current.GlobalAveragePool(x, y);
        return Tape.Remember(y, x.NeedsGradient, dy => Backend.Current.GlobalAveragePoolBackward(dy, GradientTarget.Of(x)));
    }

    private static Tensor Output(in PoolShape s) => Tensor.Empty(new Shape(s.Batch, s.OutHeight, s.OutWidth, s.Channels));
}
