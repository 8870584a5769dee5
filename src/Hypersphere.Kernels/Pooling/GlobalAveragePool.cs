using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>Mean over all pixels of an image.</summary>
public static unsafe class GlobalAveragePool
{
    /// <summary>y[n, c] = mean over pixels of x[n, p, c].</summary>
    /// <param name="batch">Images ≥ 0.</param>
    /// <param name="pixels">Pixels of an image, at least 1.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[batch, pixels, channels].</param>
    /// <param name="y">[batch, channels].</param>
    public static void Forward(int batch, int pixels, int channels, float* x, float* y) =>
        Launch.Run(batch, new ForwardKernel(pixels, channels, x, y));

    /// <summary>dx[n, p, c] = dy[n, c] / pixels.</summary>
    /// <param name="batch">Images ≥ 0.</param>
    /// <param name="pixels">Pixels of an image, at least 1.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="dy">[batch, channels].</param>
    /// <param name="dx">[batch, pixels, channels].</param>
    /// <param name="accumulate">Adds to dx instead of assigning.</param>
    public static void Backward(int batch, int pixels, int channels, float* dy, float* dx, bool accumulate) =>
        Launch.Run(batch, new BackwardKernel(pixels, channels, dy, dx, accumulate));

    private readonly struct ForwardKernel(int pixels, int channels, float* x, float* y) : IKernel
    {
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            float* image = x + ((nint)chunk * pixels * channels);
            int c = 0;
            for (; c <= channels - S.Lanes; c += S.Lanes)
            {
                Column<S, V>(image + c, y + ((nint)chunk * channels) + c);
            }

            for (; c < channels; c++)
            {
                Column<SimdScalar, float>(image + c, y + ((nint)chunk * channels) + c);
            }
        }

        private void Column<S, V>(float* source, float* target)
            where S : struct, ISimd<V>
            where V : struct
        {
            V even = S.Zero, odd = S.Zero;
            int pixel = 0;
            for (; pixel <= pixels - 2; pixel += 2, source += 2 * channels)
            {
                even = S.Add(even, S.Load(source));
                odd = S.Add(odd, S.Load(source + channels));
            }

            if (pixel < pixels)
            {
                even = S.Add(even, S.Load(source));
            }

            S.Store(S.Multiply(S.Add(even, odd), S.Broadcast(1f / pixels)), target);
        }
    }

    private readonly struct BackwardKernel(int pixels, int channels, float* dy, float* dx, bool accumulate) : IKernel
    {
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            float* source = dy + ((nint)chunk * channels);
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                float* target = dx + ((((nint)chunk * pixels) + pixel) * channels);
                int c = Row<S, V>(source, target, 0);
                Row<SimdScalar, float>(source, target, c);
            }
        }

        private int Row<S, V>(float* source, float* target, int c)
            where S : struct, ISimd<V>
            where V : struct
        {
            V factor = S.Broadcast(1f / pixels);
            for (; c <= channels - S.Lanes; c += S.Lanes)
            {
                S.Store(S.MultiplyAdd(S.Load(source + c), factor, accumulate ? S.Load(target + c) : S.Zero), target + c);
            }

            return c;
        }
    }
}
