using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Convolution of every channel with its own filter: InChannels = OutChannels = Groups, weights [KernelHeight, KernelWidth,
/// C].</summary>
public static unsafe partial class DepthwiseConvolution
{
    /// <summary>y[n, oy, ox, c] = Σ over taps of x·w (+ bias[c]).</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="x">[Batch, Height, Width, C].</param>
    /// <param name="weights">[KernelHeight, KernelWidth, C].</param>
    /// <param name="bias">[C], or null.</param>
    /// <param name="y">[Batch, OutHeight, OutWidth, C].</param>
    /// <param name="slopes">[C], slopes below 0 of a PReLU that follows at once; null for none.</param>
    public static void Forward(in ConvolutionShape shape, float* x, float* weights, float* bias, float* y, float* slopes = null)
    {
        TapWalk<TapSums> walk = new(shape, backward: false, x, y, new(new(bias, slopes, accumulate: false)));
        new SumKernel(walk, weights, walk.Streams).Launch();
    }

    /// <summary>dx[n, iy, ix, c] = Σ over the taps that read the pixel of dy·w.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="dy">[Batch, OutHeight, OutWidth, C].</param>
    /// <param name="weights">[KernelHeight, KernelWidth, C].</param>
    /// <param name="dx">[Batch, Height, Width, C].</param>
    /// <param name="accumulate">Adds to dx instead of assigning.</param>
    public static void BackwardInput(in ConvolutionShape shape, float* dy, float* weights, float* dx, bool accumulate)
    {
        TapWalk<TapSums> walk = new(shape, backward: true, dy, dx, new(new(null, null, accumulate)));
        new SumKernel(walk, weights, !accumulate && walk.Streams).Launch();
    }

    /// <summary>dw[ky, kx, c] = Σ over images and pixels of x·dy.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="x">[Batch, Height, Width, C].</param>
    /// <param name="dy">[Batch, OutHeight, OutWidth, C].</param>
    /// <param name="dweights">[KernelHeight, KernelWidth, C].</param>
    /// <param name="accumulate">Adds to dweights instead of assigning.</param>
    /// <remarks>Output rows are cut into at most 64 chunks, each with its own partial, joined in order.</remarks>
    public static void BackwardWeight(in ConvolutionShape shape, float* x, float* dy, float* dweights, bool accumulate)
    {
        TapWalk<TapGradients> walk = new(shape, backward: false, x, dy, default);
        int rowsPerChunk = Math.Max(Blocking.Pieces(walk.Rows, Partials), walk.RowsPerChunk), chunks = Blocking.Pieces(walk.Rows, rowsPerChunk);
        int size = shape.KernelHeight * shape.KernelWidth * shape.InChannels;
        float* partials = Scratch.Floats(Scratch.Slot.ConvolutionPartial, (nint)chunks * size);
        Launch.Run(chunks, new WeightKernel(walk, partials, size, rowsPerChunk));
        Reduction.ColumnSum(chunks, size, partials, dweights, accumulate);
    }

    /// <summary>Output positions o with 0 ≤ o·stride + offset &lt; extent: first, and one past the last.</summary>
    private static (int Start, int End) Reachable(int offset, int stride, int extent, int outExtent)
    {
        int start = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
        int end = extent - offset <= 0 ? 0 : ((extent - offset - 1) / stride) + 1;
        return (start, Math.Min(outExtent, end));
    }
}
