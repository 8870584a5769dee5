using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Maximum over windows; padding never wins. A NaN in the window is the maximum.</summary>
public static unsafe class MaxPool
{
    /// <summary>y[n, oy, ox, c] = max over the window.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="x">[Batch, Height, Width, Channels].</param>
    /// <param name="y">[Batch, OutHeight, OutWidth, Channels].</param>
    /// <param name="argmax">Like y: pixel iy·Width + ix of its image that won (the first of equals); null in inference.</param>
    public static void Forward(in PoolShape shape, float* x, float* y, int* argmax) =>
        Launch.Run(shape.Batch * shape.OutHeight, new Kernel(shape, x, y, argmax));

    /// <summary>dx receives every dy at the pixel that won.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="dy">[Batch, OutHeight, OutWidth, Channels].</param>
    /// <param name="argmax">From the forward pass.</param>
    /// <param name="dx">[Batch, Height, Width, Channels].</param>
    /// <param name="accumulate">Adds to dx instead of assigning.</param>
    public static void Backward(in PoolShape shape, float* dy, int* argmax, float* dx, bool accumulate)
    {
        var body = new BackwardBody(shape, dy, argmax, dx, accumulate);
        WorkerPool.Shared.Run(shape.Batch, ref body);
    }

    private readonly struct Kernel(PoolShape shape, float* x, float* y, int* argmax) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int channels = shape.Channels, outWidth = shape.OutWidth;
            float* image = x + ((nint)(chunk / shape.OutHeight) * shape.Height * shape.Width * channels);
            (int top, int bottom) = shape.Window(chunk % shape.OutHeight, shape.Height);
            for (int ox = 0; ox < outWidth; ox++)
            {
                (int left, int right) = shape.Window(ox, shape.Width);
                nint offset = (((nint)chunk * outWidth) + ox) * channels;
                int c = 0;
                for (; c <= channels - S.Lanes; c += S.Lanes)
                {
                    Window<S, V>(image + c, top, bottom, left, right, offset + c);
                }

                for (; c < channels; c++)
                {
                    Window<SimdScalar, float>(image + c, top, bottom, left, right, offset + c);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Window<S, V>(float* image, int top, int bottom, int left, int right, nint offset)
            where S : struct, ISimd<V>
            where V : struct
        {
            V best = S.Broadcast(float.NegativeInfinity);

            // the index travels as the bits of a float: selected, never computed with
            V where = S.Broadcast(BitConverter.Int32BitsToSingle((top * shape.Width) + left));
            for (int iy = top; iy < bottom; iy++)
            {
                for (int ix = left; ix < right; ix++)
                {
                    int pixel = (iy * shape.Width) + ix;
                    V value = S.Load(image + ((nint)pixel * shape.Channels));
                    where = S.IfPositive(S.Subtract(value, best), S.Broadcast(BitConverter.Int32BitsToSingle(pixel)), where);
                    best = S.Max(best, value);
                }
            }

            S.Store(best, y + offset);
            if (argmax != null)
            {
                S.Store(where, (float*)argmax + offset);
            }
        }
    }

    private readonly struct BackwardBody(PoolShape shape, float* dy, int* argmax, float* dx, bool accumulate) : IParallelBody
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            int channels = shape.Channels, pixels = shape.Height * shape.Width, outPixels = shape.OutHeight * shape.OutWidth;
            float* target = dx + ((nint)chunk * pixels * channels);
            if (!accumulate)
            {
                new Span<float>(target, pixels * channels).Clear();
            }

            for (int pixel = 0; pixel < outPixels; pixel++)
            {
                nint offset = (((nint)chunk * outPixels) + pixel) * channels;
                for (int c = 0; c < channels; c++)
                {
                    target[((nint)argmax[offset + c] * channels) + c] += dy[offset + c];
                }
            }
        }
    }
}
