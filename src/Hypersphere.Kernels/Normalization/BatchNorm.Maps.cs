using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <content>The passes over memory.</content>
public static unsafe partial class BatchNorm
{
    /// <summary>n = (x − mean)·scale + offset, and memory for three more rows of constants.</summary>
    private readonly record struct ChannelAffine(int Channels, nint Memory, nint MeanAt)
    {
        public float* Rest => (float*)Memory + (2 * (nint)Channels);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Of<S, V>(V x, int column)
            where S : struct, ISimd<V>
            where V : struct
        {
            float* scale = (float*)Memory + column;
            return S.MultiplyAdd(S.Subtract(x, S.Load((float*)MeanAt + column)), S.Load(scale), S.Load(scale + Channels));
        }
    }

    private static ChannelAffine Affine(int channels, float* gamma, float* beta, float* mean, float* invStd)
    {
        float* memory = Scratch.Floats(Scratch.Slot.Normalization, 5 * (nint)channels);
        for (int c = 0; c < channels; c++)
        {
            memory[c] = (gamma == null ? 1 : gamma[c]) * invStd[c];
            memory[channels + c] = beta == null ? 0 : beta[c];
        }

        return new(channels, (nint)memory, (nint)mean);
    }

    /// <summary>dx (+)= constants₀·(dy + constants₁ + constants₂·(x − mean)), constants [3, channels].</summary>
    private static void ByConstants(
        int rows, int channels, float* x, float* dy, float* mean, float* constants, float* dx, bool accumulate)
    {
        var map = new GradientMap(channels, mean, constants);
        if (dx == null)
        {
            return;
        }

        if (accumulate)
        {
            Map.Rows(rows, channels, new AccumulateMap(map), dx, x, dy, dx);
        }
        else
        {
            Map.Rows(rows, channels, map, dx, x, dy);
        }
    }

    private readonly struct NormalizeMap(ChannelAffine affine) : IMap
    {
        public static int Inputs => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => affine.Of<S, V>(a, column);
    }

    private readonly struct NormalizePlusMap(NormalizeMap inner) : IMap
    {
        public static int Inputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.Add(inner.Apply<S, V>(column, a, b, c), b);
    }

    private readonly struct GradientMap(int channels, float* mean, float* constants) : IMap
    {
        public static int Inputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct
        {
            float* p = constants + column;
            V centred = S.Subtract(a, S.Load(mean + column));
            V inner = S.MultiplyAdd(centred, S.Load(p + (2 * channels)), S.Add(b, S.Load(p + channels)));
            return S.Multiply(inner, S.Load(p));
        }
    }

    private readonly struct AccumulateMap(GradientMap inner) : IMap
    {
        public static int Inputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.Add(c, inner.Apply<S, V>(column, a, b, c));
    }

    /// <summary>x − x₀ and its square, x₀ the first row of the chunk.</summary>
    private readonly struct MomentTerms(int channels, float* x) : IColumnTerms
    {
        public static int Count => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<S, V>(int firstRow, int row, int column, out V first, out V second, out V third)
            where S : struct, ISimd<V>
            where V : struct
        {
            first = S.Subtract(S.Load(x + ((nint)row * channels) + column), S.Load(x + ((nint)firstRow * channels) + column));
            second = S.Multiply(first, first);
            third = S.Zero;
        }
    }

    /// <summary>dy and dy·(x − mean).</summary>
    private readonly struct GradientTerms(int channels, float* x, float* dy, float* mean) : IColumnTerms
    {
        public static int Count => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<S, V>(int firstRow, int row, int column, out V first, out V second, out V third)
            where S : struct, ISimd<V>
            where V : struct
        {
            nint offset = ((nint)row * channels) + column;
            first = S.Load(dy + offset);
            second = S.Multiply(first, S.Subtract(S.Load(x + offset), S.Load(mean + column)));
            third = S.Zero;
        }
    }
}
