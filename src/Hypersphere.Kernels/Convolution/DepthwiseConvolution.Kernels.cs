using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <content>One chunk is one row of the result, or some rows of the output for the weights.</content>
public static unsafe partial class DepthwiseConvolution
{
    private readonly struct ForwardKernel(ConvolutionShape shape, float* x, float* weights, float* bias, float* y) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int channels = shape.InChannels;
            int c = 0;
            for (; c <= channels - S.Lanes; c += S.Lanes)
            {
                Row<S, V>(chunk, c);
            }

            for (; c < channels; c++)
            {
                Row<SimdScalar, float>(chunk, c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Row<S, V>(int chunk, int c)
            where S : struct, ISimd<V>
            where V : struct
        {
            int channels = shape.InChannels, dilation = shape.Dilation;
            float* image = x + ((nint)(chunk / shape.OutHeight) * shape.Height * shape.Width * channels) + c;
            float* target = y + ((nint)chunk * shape.OutWidth * channels) + c;
            int top = ((chunk % shape.OutHeight) * shape.Stride) - shape.Padding;
            V start = bias == null ? S.Zero : S.Load(bias + c);
            for (int ox = 0; ox < shape.OutWidth; ox++, target += channels)
            {
                int left = (ox * shape.Stride) - shape.Padding;
                V sum = start;
                for (int ky = 0, iy = top; ky < shape.KernelHeight; ky++, iy += dilation)
                {
                    if ((uint)iy >= (uint)shape.Height)
                    {
                        continue;
                    }

                    float* w = weights + ((nint)ky * shape.KernelWidth * channels) + c;
                    for (int kx = 0, ix = left; kx < shape.KernelWidth; kx++, ix += dilation, w += channels)
                    {
                        if ((uint)ix < (uint)shape.Width)
                        {
                            sum = S.MultiplyAdd(S.Load(image + ((((nint)iy * shape.Width) + ix) * channels)), S.Load(w), sum);
                        }
                    }
                }

                S.Store(sum, target);
            }
        }
    }

    private readonly struct BackwardInputKernel(ConvolutionShape shape, float* dy, float* weights, float* dx, bool accumulate) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int c = 0;
            for (; c <= shape.InChannels - S.Lanes; c += S.Lanes)
            {
                Row<S, V>(chunk, c);
            }

            for (; c < shape.InChannels; c++)
            {
                Row<SimdScalar, float>(chunk, c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Row<S, V>(int chunk, int c)
            where S : struct, ISimd<V>
            where V : struct
        {
            int channels = shape.InChannels, stride = shape.Stride, outWidth = shape.OutWidth, outHeight = shape.OutHeight;
            float* image = dy + ((nint)(chunk / shape.Height) * outHeight * outWidth * channels) + c;
            float* target = dx + ((nint)chunk * shape.Width * channels) + c;
            int row = (chunk % shape.Height) + shape.Padding;
            for (int ix = 0; ix < shape.Width; ix++, target += channels)
            {
                V sum = accumulate ? S.Load(target) : S.Zero;
                for (int ky = 0; ky < shape.KernelHeight; ky++)
                {
                    int oy = row - (ky * shape.Dilation);
                    if (oy < 0 || oy % stride != 0 || oy / stride >= outHeight)
                    {
                        continue;
                    }

                    float* source = image + ((nint)(oy / stride) * outWidth * channels);
                    float* w = weights + ((nint)ky * shape.KernelWidth * channels) + c;
                    for (int kx = 0; kx < shape.KernelWidth; kx++, w += channels)
                    {
                        int ox = ix + shape.Padding - (kx * shape.Dilation);
                        if (ox >= 0 && ox % stride == 0 && ox / stride < outWidth)
                        {
                            sum = S.MultiplyAdd(S.Load(source + ((nint)(ox / stride) * channels)), S.Load(w), sum);
                        }
                    }
                }

                S.Store(sum, target);
            }
        }
    }

    private readonly struct BackwardWeightKernel(ConvolutionShape shape, float* x, float* dy, float* partials, int rowsPerChunk) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int size = shape.KernelHeight * shape.KernelWidth * shape.InChannels;
            float* partial = partials + ((nint)chunk * size);
            new Span<float>(partial, size).Clear();
            int first = chunk * rowsPerChunk, last = Math.Min(shape.Batch * shape.OutHeight, first + rowsPerChunk);
            for (int row = first; row < last; row++)
            {
                for (int ky = 0; ky < shape.KernelHeight; ky++)
                {
                    int iy = ((row % shape.OutHeight) * shape.Stride) - shape.Padding + (ky * shape.Dilation);
                    if ((uint)iy < (uint)shape.Height)
                    {
                        nint source = ((nint)(row / shape.OutHeight) * shape.Height) + iy;
                        Taps<S, V>(source, row, partial + ((nint)ky * shape.KernelWidth * shape.InChannels));
                    }
                }
            }
        }

        private void Taps<S, V>(nint inputRow, nint outputRow, float* target)
            where S : struct, ISimd<V>
            where V : struct
        {
            int channels = shape.InChannels;
            for (int kx = 0; kx < shape.KernelWidth; kx++, target += channels)
            {
                int c = 0;
                for (; c <= channels - S.Lanes; c += S.Lanes)
                {
                    Tap<S, V>(inputRow, outputRow, kx, c, target);
                }

                for (; c < channels; c++)
                {
                    Tap<SimdScalar, float>(inputRow, outputRow, kx, c, target);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Tap<S, V>(nint inputRow, nint outputRow, int kx, int c, float* target)
            where S : struct, ISimd<V>
            where V : struct
        {
            int channels = shape.InChannels, offset = (kx * shape.Dilation) - shape.Padding;
            (int start, int end) = Reachable(offset, shape.Stride, shape.Width, shape.OutWidth);
            float* source = x + (((inputRow * shape.Width) + (start * shape.Stride) + offset) * channels) + c;
            float* upstream = dy + (((outputRow * shape.OutWidth) + start) * channels) + c;
            nint step = (nint)shape.Stride * channels;
            V sum = S.Load(target + c);
            for (int ox = start; ox < end; ox++, source += step, upstream += channels)
            {
                sum = S.MultiplyAdd(S.Load(source), S.Load(upstream), sum);
            }

            S.Store(sum, target + c);
        }
    }
}
