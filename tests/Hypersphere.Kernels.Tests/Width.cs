using System.Runtime.Intrinsics;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels.Tests;

/// <summary>A register width with the kernels forced to it, so that one run covers every width that the machine has.</summary>
internal abstract unsafe class Width(string name)
{
    public static IReadOnlyList<Width> All { get; } =
        new Width[]
        {
            new Width<Simd512, Vector512<float>>("512"), new Width<Simd256, Vector256<float>>("256"),
            new Width<Simd128, Vector128<float>>("128"), new Width<SimdScalar, float>("scalar"),
        }.Where(w => w.IsSupported).ToArray();

    public abstract bool IsSupported { get; }

    public abstract void Multiply(in GemmProblem problem, WorkerPool pool);

    public abstract void Forward(
        in ConvolutionShape s, float* x, float* w, float* bias, float* y, WorkerPool pool, float* slopes = null, KeptWeights? kept = null);

    public abstract void BackwardInput(in ConvolutionShape s, float* dy, float* w, float* dx, bool accumulate, WorkerPool pool);

    public abstract void BackwardWeight(in ConvolutionShape s, float* x, float* dy, float* dw, bool accumulate, WorkerPool pool);

    /// <summary>The weight gradient by minimal filtering for many channels, whatever the size.</summary>
    public abstract void WideGradient(in ConvolutionShape s, float* x, float* dy, float* dw, bool accumulate, WorkerPool pool);

    /// <summary>Forward, input gradient and weight gradient by minimal filtering, whatever the size.</summary>
    public abstract void Winograd(
        in ConvolutionShape s, float* x, float* w, float* bias, float* dy, float* y, float* dx, float* dw, bool accumulate, WorkerPool pool);

    public override string ToString() => name;
}

internal sealed unsafe class Width<S, V>(string name) : Width(name)
    where S : struct, ISimd<V>
    where V : struct
{
    public override bool IsSupported => S.IsSupported;

    public override void Multiply(in GemmProblem problem, WorkerPool pool) => GemmDriver<S, V>.Multiply(problem, pool);

    public override void Forward(
        in ConvolutionShape s, float* x, float* w, float* bias, float* y, WorkerPool pool, float* slopes = null, KeptWeights? kept = null) =>
        ConvolutionDriver<S, V>.Forward(s, x, w, bias, y, slopes, kept, pool);

    public override void BackwardInput(in ConvolutionShape s, float* dy, float* w, float* dx, bool accumulate, WorkerPool pool) =>
        ConvolutionDriver<S, V>.BackwardInput(s, dy, w, dx, accumulate, pool);

    public override void BackwardWeight(in ConvolutionShape s, float* x, float* dy, float* dw, bool accumulate, WorkerPool pool) =>
        ConvolutionDriver<S, V>.BackwardWeight(s, x, dy, dw, accumulate, pool);

    public override void WideGradient(in ConvolutionShape s, float* x, float* dy, float* dw, bool accumulate, WorkerPool pool) =>
        WinogradWideGradient<S, V>.Run(s, x, dy, dw, accumulate, pool);

    public override void Winograd(
        in ConvolutionShape s, float* x, float* w, float* bias, float* dy, float* y, float* dx, float* dw, bool accumulate, WorkerPool pool)
    {
        WinogradConvolution<S, V>.Forward(s, x, w, bias, y, null, null, pool);
        WinogradConvolution<S, V>.BackwardInput(s, dy, w, dx, accumulate, pool);
        WinogradWeightGradient<S, V>.Run(s, x, dy, dw, accumulate, pool);
    }
}
