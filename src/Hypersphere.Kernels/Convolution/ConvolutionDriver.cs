using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>The three convolutions at one register width.</summary>
internal static unsafe class ConvolutionDriver<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    public static void Forward(
        in ConvolutionShape s, float* x, float* w, float* bias, float* y, float* slopes, KeptWeights? kept, WorkerPool pool)
    {
        if (IsProduct(s, out int pixels) && kept is null && slopes is null)
        {
            GemmDriver<S, V>.Multiply(Product(false, true, pixels, s.OutChannels, s.InChannels, x, w, new(y, s.OutChannels, bias)), pool);
            return;
        }

        if (WinogradConvolution<S, V>.Suits(s))
        {
            WinogradConvolution<S, V>.Forward(s, x, w, bias, y, slopes, kept, pool);
            return;
        }

        Phase(PhaseGeometry.Forward(s), s, backward: false, x, w, bias, y, accumulate: false, pool, slopes, kept);
    }

    public static void BackwardInput(in ConvolutionShape s, float* dy, float* w, float* dx, bool accumulate, WorkerPool pool)
    {
        if (IsProduct(s, out int pixels))
        {
            Output output = accumulate ? new(dx, s.InChannels, dx, s.InChannels) : new(dx, s.InChannels);
            GemmDriver<S, V>.Multiply(Product(false, false, pixels, s.InChannels, s.OutChannels, dy, w, output), pool);
            return;
        }

        if (WinogradConvolution<S, V>.Suits(s))
        {
            WinogradConvolution<S, V>.BackwardInput(s, dy, w, dx, accumulate, pool);
            return;
        }

        for (int phase = 0; phase < s.Stride * s.Stride; phase++)
        {
            Phase(PhaseGeometry.Backward(s, phase / s.Stride, phase % s.Stride), s, backward: true, dy, w, null, dx, accumulate, pool);
        }
    }

    public static void BackwardWeight(in ConvolutionShape s, float* x, float* dy, float* dw, bool accumulate, WorkerPool pool)
    {
        PhaseGeometry g = PhaseGeometry.Forward(s);
        if ((long)s.Batch * s.OutHeight * s.OutWidth == 0)
        {
            new Span<float>(dw, accumulate ? 0 : s.OutChannels * g.Taps * g.Depth).Clear();
        }
        else if (WinogradWeightGradient<S, V>.Suits(s))
        {
            WinogradWeightGradient<S, V>.Run(s, x, dy, dw, accumulate, pool);
        }
        else if (WinogradWideGradient<S, V>.Suits(s))
        {
            WinogradWideGradient<S, V>.Run(s, x, dy, dw, accumulate, pool);
        }
        else
        {
            SumWeights(g, x, dy, dw, accumulate, pool);
        }
    }

    /// <summary>The weight gradient as a direct sum over pixels.</summary>
    public static void SumWeights(in PhaseGeometry g, float* x, float* dy, float* dw, bool accumulate, WorkerPool pool)
    {
        if (PatchWeightGradient<S, V>.Suits(g))
        {
            PatchWeightGradient<S, V>.Run(g, x, dy, dw, accumulate, pool);
        }
        else
        {
            ConvolutionWeightGradient<S, V>.Run(g, x, dy, dw, accumulate, pool);
        }
    }

    /// <summary>One phase as a direct sum over taps.</summary>
    public static void Phase(
        in PhaseGeometry g, in ConvolutionShape s, bool backward, float* source, float* w, float* bias, float* target,
        bool accumulate, WorkerPool pool, float* slopes = null, KeptWeights? kept = null)
    {
        float* packed = kept is null ? null : kept.Packed;
        if (packed is null)
        {
            nint size = ConvolutionPhase<S, V>.PackedSize(g);
            packed = Scratch.Floats(Scratch.Slot.Convolution, size);
            WeightPacking<S, V>.Run(g, s, backward, w, packed, pool);
            kept?.KeepPacked(packed, size);
        }

        ConvolutionPhase<S, V> body = new(g, source, packed, bias, target, accumulate, slopes);
        body.Run(pool);
    }

    /// <summary>A 1×1 convolution of stride 1 is a matrix product over pixels.</summary>
    private static bool IsProduct(in ConvolutionShape s, out int pixels)
    {
        pixels = s.Batch * s.Height * s.Width;
        return s is { KernelHeight: 1, KernelWidth: 1, Stride: 1, Padding: 0, Groups: 1 };
    }

    private static GemmProblem Product(bool transposeA, bool transposeB, int m, int n, int k, float* a, float* b, Output c) => new()
    {
        TransposeA = transposeA,
        TransposeB = transposeB,
        M = m,
        N = n,
        K = k,
        C = c,
        A = a,
        Lda = transposeA ? m : k,
        B = b,
        Ldb = transposeB ? k : n,
    };
}
