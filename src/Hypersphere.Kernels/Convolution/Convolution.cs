using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>2-D convolution of NHWC images and its two gradients.</summary>
/// <remarks>y[n,oy,ox,co] = bias[co] + Σ w[co,ky,kx,ci]·x[n, oy·stride − padding + ky·dilation, ox·stride − padding + kx·dilation,
/// ci].</remarks>
public static unsafe class Convolution
{
    /// <summary>The convolution itself.</summary>
    /// <param name="s">Sizes.</param>
    /// <param name="x">[N,H,W,Cin].</param>
    /// <param name="w">[Cout,KH,KW,Cin/groups].</param>
    /// <param name="bias">[Cout], or null.</param>
    /// <param name="y">[N,OutHeight,OutWidth,Cout], overwritten.</param>
    /// <param name="slopes">[Cout], slopes below 0 of a PReLU that follows at once; null for none.</param>
    /// <param name="kept">Where weights that do not change stay packed from call to call; null for weights that may change.</param>
    public static void Forward(
        in ConvolutionShape s, float* x, float* w, float* bias, float* y, float* slopes = null, KeptWeights? kept = null)
    {
        ForwardPass pass = new(s, x, w, bias, y, slopes, kept);
        Widest.Run(ref pass);
    }

    /// <summary>Gradient with respect to the input.</summary>
    /// <param name="s">Sizes.</param>
    /// <param name="dy">Gradient of the output, [N,OutHeight,OutWidth,Cout].</param>
    /// <param name="w">[Cout,KH,KW,Cin/groups].</param>
    /// <param name="dx">Gradient of the input, [N,H,W,Cin].</param>
    /// <param name="accumulate">Add to what <paramref name="dx"/> holds instead of overwriting it.</param>
    public static void BackwardInput(in ConvolutionShape s, float* dy, float* w, float* dx, bool accumulate)
    {
        BackwardInputPass pass = new(s, dy, w, dx, accumulate);
        Widest.Run(ref pass);
    }

    /// <summary>Gradient with respect to the weights.</summary>
    /// <param name="s">Sizes.</param>
    /// <param name="x">[N,H,W,Cin].</param>
    /// <param name="dy">Gradient of the output, [N,OutHeight,OutWidth,Cout].</param>
    /// <param name="dw">Gradient of the weights, [Cout,KH,KW,Cin/groups].</param>
    /// <param name="accumulate">Add to what <paramref name="dw"/> holds instead of overwriting it.</param>
    public static void BackwardWeight(in ConvolutionShape s, float* x, float* dy, float* dw, bool accumulate)
    {
        BackwardWeightPass pass = new(s, x, dy, dw, accumulate);
        Widest.Run(ref pass);
    }

    private readonly struct ForwardPass(
        ConvolutionShape s, float* x, float* w, float* bias, float* y, float* slopes, KeptWeights? kept) : IWidthAction
    {
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct => ConvolutionDriver<S, V>.Forward(s, x, w, bias, y, slopes, kept, WorkerPool.Shared);
    }

    private readonly struct BackwardInputPass(ConvolutionShape s, float* dy, float* w, float* dx, bool accumulate) : IWidthAction
    {
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct => ConvolutionDriver<S, V>.BackwardInput(s, dy, w, dx, accumulate, WorkerPool.Shared);
    }

    private readonly struct BackwardWeightPass(ConvolutionShape s, float* x, float* dy, float* dw, bool accumulate) : IWidthAction
    {
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct => ConvolutionDriver<S, V>.BackwardWeight(s, x, dy, dw, accumulate, WorkerPool.Shared);
    }
}
