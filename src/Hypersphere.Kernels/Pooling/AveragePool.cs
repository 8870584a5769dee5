using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>Mean over windows; padding counts as zeros, so the divisor is always Kernel² (PyTorch's default).</summary>
public static unsafe class AveragePool
{
    /// <summary>y[n, oy, ox, c] = Σ window / Kernel².</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="x">[Batch, Height, Width, Channels].</param>
    /// <param name="y">[Batch, OutHeight, OutWidth, Channels].</param>
    public static void Forward(in PoolShape shape, float* x, float* y) =>
        Launch.Run(shape.Batch * shape.OutHeight, new ForwardKernel(shape, x, y));

    /// <summary>dx = Σ over the windows that see the pixel of dy / Kernel².</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="dy">[Batch, OutHeight, OutWidth, Channels].</param>
    /// <param name="dx">[Batch, Height, Width, Channels].</param>
    /// <param name="accumulate">Adds to dx instead of assigning.</param>
    public static void Backward(in PoolShape shape, float* dy, float* dx, bool accumulate) =>
        Launch.Run(shape.Batch * shape.Height, new BackwardKernel(shape, dy, dx, accumulate));

    /// <summary>target (+)= factor·Σ of source pixels [top, bottom) × [left, right) of an image with the given row width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Box<S, V>(
        float* image, int width, int channels, (int Top, int Bottom) rows, (int Left, int Right) columns,
        float factor, float* target, bool accumulate)
        where S : struct, ISimd<V>
        where V : struct
    {
        V sum = S.Zero;
        for (int iy = rows.Top; iy < rows.Bottom; iy++)
        {
            for (int ix = columns.Left; ix < columns.Right; ix++)
            {
                sum = S.Add(sum, S.Load(image + ((((nint)iy * width) + ix) * channels)));
            }
        }

        S.Store(S.MultiplyAdd(sum, S.Broadcast(factor), accumulate ? S.Load(target) : S.Zero), target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Boxes<S, V>(
        float* image, int width, int channels, (int Top, int Bottom) rows, (int Left, int Right) columns,
        float factor, float* target, bool accumulate)
        where S : struct, ISimd<V>
        where V : struct
    {
        int c = 0;
        for (; c <= channels - S.Lanes; c += S.Lanes)
        {
            Box<S, V>(image + c, width, channels, rows, columns, factor, target + c, accumulate);
        }

        for (; c < channels; c++)
        {
            Box<SimdScalar, float>(image + c, width, channels, rows, columns, factor, target + c, accumulate);
        }
    }

    /// <summary>Output rows or columns whose window holds input <paramref name="index"/>: first, and one past the last.</summary>
    private static (int Start, int End) Covering(in PoolShape shape, int index, int outExtent)
    {
        int reach = index + shape.Padding - shape.Kernel + 1;
        int start = reach <= 0 ? 0 : (reach + shape.Stride - 1) / shape.Stride;
        return (start, Math.Min(outExtent, ((index + shape.Padding) / shape.Stride) + 1));
    }

    private readonly struct ForwardKernel(PoolShape shape, float* x, float* y) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            float* image = x + ((nint)(chunk / shape.OutHeight) * shape.Height * shape.Width * shape.Channels);
            float* target = y + ((nint)chunk * shape.OutWidth * shape.Channels);
            (int, int) rows = shape.Window(chunk % shape.OutHeight, shape.Height);
            float factor = 1f / (shape.Kernel * shape.Kernel);
            for (int ox = 0; ox < shape.OutWidth; ox++, target += shape.Channels)
            {
                Boxes<S, V>(image, shape.Width, shape.Channels, rows, shape.Window(ox, shape.Width), factor, target, false);
            }
        }
    }

    private readonly struct BackwardKernel(PoolShape shape, float* dy, float* dx, bool accumulate) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            float* image = dy + ((nint)(chunk / shape.Height) * shape.OutHeight * shape.OutWidth * shape.Channels);
            float* target = dx + ((nint)chunk * shape.Width * shape.Channels);
            (int, int) rows = Covering(shape, chunk % shape.Height, shape.OutHeight);
            float factor = 1f / (shape.Kernel * shape.Kernel);
            for (int ix = 0; ix < shape.Width; ix++, target += shape.Channels)
            {
                (int, int) columns = Covering(shape, ix, shape.OutWidth);
                Boxes<S, V>(image, shape.OutWidth, shape.Channels, rows, columns, factor, target, accumulate);
            }
        }
    }
}
