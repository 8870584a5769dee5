using Hypersphere.Backends;
using Hypersphere.Kernels;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>Two-dimensional cross-correlation of images [N, H, W, C], dense, grouped or depthwise.</summary>
internal static class Convolve
{
    /// <summary>y[n, oy, ox, o] = bias[o] + Σ w[o, ky, kx, i] · x[n, oy·stride + ky·dilation − padding, …, i], zero outside the
    /// image.</summary>
    public static Tensor Forward(in ConvolutionShape shape, Tensor x, Tensor weight, Tensor? bias)
    {
        ConvolutionShape s = shape;
        Tensor y = Tensor.Empty(new Shape(s.Batch, s.OutHeight, s.OutWidth, s.OutChannels));
        Backend.Current.Convolve(s, x, weight, bias, y);
        bool needed = x.NeedsGradient || weight.NeedsGradient || bias is { NeedsGradient: true };
        return Tape.Remember(y, needed, dy => Backward(s, x, weight, bias, dy));
    }

    /// <summary>The same in use: where no tape records, in one pass with a PReLU behind it (one slope a channel, if there are slopes), and with
    /// weights that stay packed (if they cannot change).</summary>
    public static Tensor Forward(in ConvolutionShape shape, Tensor x, Tensor weight, Tensor? bias, Tensor? slopes, KeptWeights? kept = null)
    {
        if ((slopes is null && kept is null) || Tape.Recording is not null)
        {
            Tensor plain = Forward(shape, x, weight, bias);
            return slopes is null ? plain : Rectify.PRelu(plain, slopes);
        }

        Tensor y = Tensor.Empty(new Shape(shape.Batch, shape.OutHeight, shape.OutWidth, shape.OutChannels));
        Backend.Current.Convolve(shape, x, weight, bias, y, slopes, kept);
        return y;
    }

    private static void Backward(in ConvolutionShape s, Tensor x, Tensor weight, Tensor? bias, Tensor dy)
    {
        GradientTarget dx = GradientTarget.Of(x);
        GradientTarget dWeight = GradientTarget.Of(weight);
        GradientTarget dBias = GradientTarget.Of(bias);
        if (dWeight.Wanted)
        {
            Backend.Current.ConvolveBackwardWeight(s, x, dy, dWeight);
        }

        if (dBias.Wanted)
        {
            Backend.Current.SumRows(dy, dBias);
        }

        if (dx.Wanted)
        {
            Backend.Current.ConvolveBackwardInput(s, dy, weight, dx);
        }
    }
}
