using Hypersphere.Kernels;
using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <summary>Where tensors are computed: this class is the processor; another device overrides its methods.</summary>
/// <remarks>Methods are coarse (a whole layer), take tensors whose shapes the ops have checked, and write into tensors they are given.
/// A null gradient means: not wanted.</remarks>
internal unsafe partial class Backend
{
    public static Backend Current { get; } = new();

    public virtual void MatMul(Tensor a, bool transposeA, Tensor b, bool transposeB, in GradientTarget c, Tensor? bias = null)
    {
        (int m, int n) = (c.Tensor!.Shape[0], c.Tensor.Shape.RowCount);
        int k = transposeA ? a.Shape[0] : a.Shape.RowCount;
        Gemm.Multiply(
            transposeA, transposeB, m, n, k, a.Pointer, a.Shape.RowCount, b.Pointer, b.Shape.RowCount, c.Tensor.Pointer, n, c.Accumulate, Optional(bias));
    }

    public virtual void SumRows(Tensor x, in GradientTarget sum) =>
        Reduction.ColumnSum(x.Count / Math.Max(1, sum.Tensor!.Count), sum.Tensor.Count, x.Pointer, sum.Tensor.Pointer, sum.Accumulate);

    /// <summary>With slopes, a PReLU follows at once.</summary>
    public virtual void Convolve(
        in ConvolutionShape s, Tensor x, Tensor w, Tensor? bias, Tensor y, Tensor? slopes = null, KeptWeights? kept = null)
    {
        if (IsDepthwise(s, w))
        {
            DepthwiseConvolution.Forward(s, x.Pointer, w.Pointer, Optional(bias), y.Pointer, Optional(slopes));
        }
        else
        {
            Convolution.Forward(s, x.Pointer, w.Pointer, Optional(bias), y.Pointer, Optional(slopes), kept);
        }
    }

    public virtual void ConvolveBackwardInput(in ConvolutionShape s, Tensor dy, Tensor w, in GradientTarget dx)
    {
        if (IsDepthwise(s, w))
        {
            DepthwiseConvolution.BackwardInput(s, dy.Pointer, w.Pointer, dx.Tensor!.Pointer, dx.Accumulate);
        }
        else
        {
            Convolution.BackwardInput(s, dy.Pointer, w.Pointer, dx.Tensor!.Pointer, dx.Accumulate);
        }
    }

    public virtual void ConvolveBackwardWeight(in ConvolutionShape s, Tensor x, Tensor dy, in GradientTarget dw)
    {
        if (IsDepthwise(s, dw.Tensor!))
        {
            DepthwiseConvolution.BackwardWeight(s, x.Pointer, dy.Pointer, dw.Tensor!.Pointer, dw.Accumulate);
        }
        else
        {
            Convolution.BackwardWeight(s, x.Pointer, dy.Pointer, dw.Tensor!.Pointer, dw.Accumulate);
        }
    }

    public virtual void Add(Tensor a, Tensor b, Tensor y) => Elementwise.Add(a.Count, a.Pointer, b.Pointer, y.Pointer);

    /// <summary>A gradient goes on unchanged.</summary>
    public virtual void Pass(Tensor dy, in GradientTarget dx)
    {
        if (dx.Accumulate)
        {
            Elementwise.Accumulate(dy.Count, dy.Pointer, dx.Tensor!.Pointer);
        }
        else
        {
            Elementwise.Copy(dy.Count, dy.Pointer, dx.Tensor!.Pointer);
        }
    }

    /// <summary>A gradient goes on, times a factor.</summary>
    public virtual void PassScaled(Tensor dy, float factor, in GradientTarget dx)
    {
        if (dx.Accumulate)
        {
            Elementwise.Axpy(dy.Count, factor, dy.Pointer, dx.Tensor!.Pointer);
        }
        else
        {
            Elementwise.Scale(dy.Count, factor, dy.Pointer, dx.Tensor!.Pointer);
        }
    }

    protected static float* Optional(Tensor? tensor) => tensor is null ? null : tensor.Pointer;

    private static bool IsDepthwise(in ConvolutionShape s, Tensor weight) => weight.Shape.Rank == 3 && s.Groups == s.InChannels;
}
