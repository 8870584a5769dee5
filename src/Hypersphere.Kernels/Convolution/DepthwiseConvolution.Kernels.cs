using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <content>The weighted sum over taps. One chunk is one row of the result.</content>
public static unsafe partial class DepthwiseConvolution
{
    /// <summary>Output positions side by side that share the loads of the weights.</summary>
    private const int Block = 4;

    /// <summary>A window that slides over an image: output o reads pixel o·Stride + Top (or Left) + tap·Dilation.</summary>
    private readonly record struct Slide(
        int Height, int Width, int OutHeight, int OutWidth, int Channels, int KernelHeight, int KernelWidth,
        int Stride, int Dilation, int Top, int Left, bool Flipped);

    /// <summary>A row of y[o] = start + Σ x[pixel]·w[tap].</summary>
    private readonly struct SumKernel(Slide slide, float* x, float* weights, float* bias, float* y, bool accumulate, float* slopes) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int channels = slide.Channels;
            Tap* taps = stackalloc Tap[slide.KernelHeight * slide.KernelWidth];
            float* image = x + ((nint)(chunk / slide.OutHeight) * slide.Height * slide.Width * channels);
            float* target = y + ((nint)chunk * slide.OutWidth * channels);
            nint step = (nint)slide.Stride * channels;
            int top = ((chunk % slide.OutHeight) * slide.Stride) + slide.Top;
            (int inside, _) = Reachable(slide.Left, slide.Stride, slide.Width, slide.OutWidth);
            (_, int end) = Reachable(slide.Left + ((slide.KernelWidth - 1) * slide.Dilation), slide.Stride, slide.Width, slide.OutWidth);
            inside = Math.Min(inside, slide.OutWidth);
            int outside = Math.Max(inside, end);
            for (int ox = 0; ox < slide.OutWidth; ox++)
            {
                ox = ox == inside ? outside : ox;
                if (ox < slide.OutWidth)
                {
                    Sums sums = new(taps, Taps(taps, top, ox), weights, bias, channels, accumulate);
                    sums.Run<S, V>(image, 0, target + ((nint)ox * channels), 1);
                }
            }

            Sums whole = new(taps, Taps(taps, top, inside), weights, bias, channels, accumulate);
            for (int ox = inside; ox < outside;)
            {
                int pixels = ox + Block <= outside ? Block : 1;
                whole.Run<S, V>(image + ((ox - inside) * step), step, target + ((nint)ox * channels), pixels);
                ox += pixels;
            }

            if (slopes != null)
            {
                Rectifier.Apply<S, V>(target, channels, slide.OutWidth, channels, slopes);
            }
        }

        /// <summary>The taps inside the image for output column ox.</summary>
        private int Taps(Tap* taps, int top, int ox)
        {
            int used = 0, left = (ox * slide.Stride) + slide.Left, direction = slide.Flipped ? -slide.Channels : slide.Channels;
            nint weight = slide.Flipped ? ((slide.KernelHeight * slide.KernelWidth) - 1) * (nint)slide.Channels : 0;
            for (int ky = 0, iy = top; ky < slide.KernelHeight; ky++, iy += slide.Dilation)
            {
                for (int kx = 0, ix = left; kx < slide.KernelWidth; kx++, ix += slide.Dilation, weight += direction)
                {
                    if ((uint)iy < (uint)slide.Height && (uint)ix < (uint)slide.Width)
                    {
                        taps[used++] = new((((nint)iy * slide.Width) + ix) * slide.Channels, weight);
                    }
                }
            }

            return used;
        }
    }

    /// <summary>A row of dx[i] = Σ dy[o]·w[tap] over the outputs o and taps that meet at i, at any stride.</summary>
    private readonly struct ScatteredKernel(ConvolutionShape shape, float* dy, float* weights, float* dx, bool accumulate) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int channels = shape.InChannels;
            Tap* taps = stackalloc Tap[shape.KernelHeight * shape.KernelWidth];
            float* image = dy + ((nint)(chunk / shape.Height) * shape.OutHeight * shape.OutWidth * channels);
            float* target = dx + ((nint)chunk * shape.Width * channels);
            for (int ix = 0; ix < shape.Width; ix++, target += channels)
            {
                int used = Taps(taps, (chunk % shape.Height) + shape.Padding, ix + shape.Padding);
                new Sums(taps, used, weights, null, channels, accumulate).Run<S, V>(image, 0, target, 1);
            }
        }

        private int Taps(Tap* taps, int row, int column)
        {
            int used = 0;
            for (int tap = 0; tap < shape.KernelHeight * shape.KernelWidth; tap++)
            {
                (int oy, int dropY) = Math.DivRem(row - (tap / shape.KernelWidth * shape.Dilation), shape.Stride);
                (int ox, int dropX) = Math.DivRem(column - (tap % shape.KernelWidth * shape.Dilation), shape.Stride);
                if (dropY == 0 && dropX == 0 && (uint)oy < (uint)shape.OutHeight && (uint)ox < (uint)shape.OutWidth)
                {
                    taps[used++] = new((((nint)oy * shape.OutWidth) + ox) * shape.InChannels, (nint)tap * shape.InChannels);
                }
            }

            return used;
        }
    }

    /// <summary>Where a tap reads the image and the weights.</summary>
    private readonly record struct Tap(nint Source, nint Weight);

    /// <summary>One output pixel, or four side by side, over all channels.</summary>
    private readonly struct Sums(Tap* taps, int count, float* weights, float* bias, int channels, bool accumulate)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<S, V>(float* image, nint step, float* target, int pixels)
            where S : struct, ISimd<V>
            where V : struct
        {
            int c = 0;
            for (; c <= channels - S.Lanes; c += S.Lanes)
            {
                Dispatch<S, V>(image, step, target, pixels, c);
            }

            for (; c < channels; c++)
            {
                Dispatch<SimdScalar, float>(image, step, target, pixels, c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Dispatch<S, V>(float* image, nint step, float* target, int pixels, int c)
            where S : struct, ISimd<V>
            where V : struct
        {
            if (pixels == Block)
            {
                Four<S, V>(image + c, step, target + c, c);
            }
            else
            {
                One<S, V>(image + c, target + c, c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V Start<S, V>(float* target, int c)
            where S : struct, ISimd<V>
            where V : struct => accumulate ? S.Load(target) : bias == null ? S.Zero : S.Load(bias + c);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void One<S, V>(float* image, float* target, int c)
            where S : struct, ISimd<V>
            where V : struct
        {
            V sum = Start<S, V>(target, c);
            float* w = weights + c;
            for (int t = 0; t < count; t++)
            {
                sum = S.MultiplyAdd(S.Load(image + taps[t].Source), S.Load(w + taps[t].Weight), sum);
            }

            S.Store(sum, target);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Four<S, V>(float* image, nint step, float* target, int c)
            where S : struct, ISimd<V>
            where V : struct
        {
            V s0 = Start<S, V>(target, c), s1 = Start<S, V>(target + channels, c);
            V s2 = Start<S, V>(target + (2 * channels), c), s3 = Start<S, V>(target + (3 * channels), c);
            float* w = weights + c;
            Tap* end = taps + count;
            for (Tap* tap = taps; tap < end; tap++)
            {
                V weight = S.Load(w + tap->Weight);
                float* source = image + tap->Source;
                s0 = S.MultiplyAdd(S.Load(source), weight, s0);
                s1 = S.MultiplyAdd(S.Load(source + step), weight, s1);
                s2 = S.MultiplyAdd(S.Load(source + (2 * step)), weight, s2);
                s3 = S.MultiplyAdd(S.Load(source + (3 * step)), weight, s3);
            }

            S.Store(s0, target);
            S.Store(s1, target + channels);
            S.Store(s2, target + (2 * channels));
            S.Store(s3, target + (3 * channels));
        }
    }
}
