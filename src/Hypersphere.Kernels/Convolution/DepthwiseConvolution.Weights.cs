using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <content>The gradient of the weights. One chunk is some rows of the output, with a partial sum of its own.</content>
public static unsafe partial class DepthwiseConvolution
{
    /// <summary>The columns of the output whose tap kx lies inside the image, and where that tap is.</summary>
    private readonly record struct Reach(int Start, int End, int Offset);

    private readonly struct WeightKernel(ConvolutionShape shape, float* x, float* dy, float* partials, int rowsPerChunk) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int size = shape.KernelHeight * shape.KernelWidth * shape.InChannels;
            float* partial = partials + ((nint)chunk * size);
            new Span<float>(partial, size).Clear();
            Reach* reach = stackalloc Reach[shape.KernelWidth];
            for (int kx = 0; kx < shape.KernelWidth; kx++)
            {
                int offset = (kx * shape.Dilation) - shape.Padding;
                (int start, int end) = Reachable(offset, shape.Stride, shape.Width, shape.OutWidth);
                reach[kx] = new(start, Math.Max(start, end), offset);
            }

            int first = chunk * rowsPerChunk, last = Math.Min(shape.Batch * shape.OutHeight, first + rowsPerChunk);
            for (int row = first; row < last; row++)
            {
                for (int ky = 0; ky < shape.KernelHeight; ky++)
                {
                    int iy = ((row % shape.OutHeight) * shape.Stride) - shape.Padding + (ky * shape.Dilation);
                    if ((uint)iy < (uint)shape.Height)
                    {
                        nint source = ((nint)(row / shape.OutHeight) * shape.Height) + iy;
                        Row<S, V>(source, row, reach, partial + ((nint)ky * shape.KernelWidth * shape.InChannels));
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Row<S, V>(nint inputRow, nint outputRow, Reach* reach, float* target)
            where S : struct, ISimd<V>
            where V : struct
        {
            float* source = x + (inputRow * shape.Width * shape.InChannels);
            float* upstream = dy + (outputRow * shape.OutWidth * shape.InChannels);
            int channels = shape.InChannels, c = 0;
            for (; c <= channels - S.Lanes; c += S.Lanes)
            {
                Taps<S, V>(source + c, upstream + c, reach, target + c);
            }

            for (; c < channels; c++)
            {
                Taps<SimdScalar, float>(source + c, upstream + c, reach, target + c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Taps<S, V>(float* source, float* upstream, Reach* reach, float* target)
            where S : struct, ISimd<V>
            where V : struct
        {
            int kx = 0;
            for (; kx <= shape.KernelWidth - 3; kx += 3)
            {
                Three<S, V>(source, upstream, reach + kx, target + ((nint)kx * shape.InChannels));
            }

            for (; kx < shape.KernelWidth; kx++)
            {
                One<S, V>(source, upstream, reach[kx].Offset, reach[kx].Start, reach[kx].End, target + ((nint)kx * shape.InChannels));
            }
        }

        /// <summary>Three neighbouring taps share dy where all of them are inside the row; the ends go one by one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Three<S, V>(float* source, float* upstream, Reach* reach, float* target)
            where S : struct, ISimd<V>
            where V : struct
        {
            nint channels = shape.InChannels, step = shape.Stride * channels, apart = shape.Dilation * channels;
            int inside = reach[0].Start, outside = Math.Max(inside, reach[2].End);
            V s0 = S.Load(target), s1 = S.Load(target + channels), s2 = S.Load(target + (2 * channels));
            float* p = source + ((((nint)inside * shape.Stride) + reach[0].Offset) * channels), q = upstream + (inside * channels);
            for (int ox = inside; ox < outside; ox++, p += step, q += channels)
            {
                V d = S.Load(q);
                s0 = S.MultiplyAdd(S.Load(p), d, s0);
                s1 = S.MultiplyAdd(S.Load(p + apart), d, s1);
                s2 = S.MultiplyAdd(S.Load(p + (2 * apart)), d, s2);
            }

            S.Store(s0, target);
            S.Store(s1, target + channels);
            S.Store(s2, target + (2 * channels));
            for (int k = 0; k < 3; k++, target += channels)
            {
                One<S, V>(source, upstream, reach[k].Offset, reach[k].Start, Math.Min(reach[k].End, inside), target);
                One<S, V>(source, upstream, reach[k].Offset, Math.Max(reach[k].Start, outside), reach[k].End, target);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void One<S, V>(float* source, float* upstream, int offset, int start, int end, float* target)
            where S : struct, ISimd<V>
            where V : struct
        {
            if (start >= end)
            {
                return;
            }

            nint channels = shape.InChannels;
            V sum = S.Load(target);
            for (int ox = start; ox < end; ox++)
            {
                float* p = source + ((((nint)ox * shape.Stride) + offset) * channels);
                sum = S.MultiplyAdd(S.Load(p), S.Load(upstream + (ox * channels)), sum);
            }

            S.Store(sum, target);
        }
    }
}
