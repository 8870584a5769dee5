using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>y = x where x &gt; 0, else slope·x, with one slope or one a channel (He et al., ICCV 2015).</summary>
public static unsafe class PRelu
{
    /// <summary>y[r, c] = x[r, c] &gt; 0 ? x[r, c] : slope[c]·x[r, c]; y may be x.</summary>
    /// <param name="rows">Rows ≥ 0, such as N·H·W.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels].</param>
    /// <param name="slope">[slopes].</param>
    /// <param name="slopes">1, or <paramref name="channels"/>.</param>
    /// <param name="y">[rows, channels].</param>
    public static void Forward(int rows, int channels, float* x, float* slope, int slopes, float* y)
    {
        if (slopes == 1)
        {
            Map.Flat(checked(rows * channels), new ForwardMap(slope, false), y, x);
        }
        else
        {
            Map.Rows(rows, channels, new ForwardMap(slope, true), y, x);
        }
    }

    /// <summary>dx = x &gt; 0 ? dy : slope·dy, and dslope = Σ x·dy over x ≤ 0.</summary>
    /// <param name="rows">Rows ≥ 0.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels], the forward input.</param>
    /// <param name="dy">[rows, channels].</param>
    /// <param name="slope">[slopes].</param>
    /// <param name="slopes">1, or <paramref name="channels"/>.</param>
    /// <param name="dx">[rows, channels], or null; may be dy.</param>
    /// <param name="accumulateDx">Adds to dx instead of assigning.</param>
    /// <param name="dslope">[slopes], or null.</param>
    /// <param name="accumulateSlope">Adds to dslope instead of assigning.</param>
    public static void Backward(
        int rows, int channels, float* x, float* dy, float* slope, int slopes,
        float* dx, bool accumulateDx, float* dslope, bool accumulateSlope)
    {
        if (dslope != null)
        {
            SlopeTerms terms = new(channels, x, dy, slope, slopes != 1, dx, accumulateDx);
            ColumnSums sums = ColumnSums.Compute(rows, channels, terms);
            if (slopes == 1)
            {
                *dslope = (accumulateSlope ? *dslope : 0) + (float)sums.TotalFirst();
            }
            else
            {
                sums.StoreFirst(dslope, accumulateSlope);
            }
        }
        else if (dx != null && accumulateDx)
        {
            Map.Rows(rows, channels, new AccumulateMap(new(slope, slopes != 1)), dx, x, dy, dx);
        }
        else if (dx != null)
        {
            Map.Rows(rows, channels, new BackwardMap(slope, slopes != 1), dx, x, dy);
        }
    }

    private readonly struct ForwardMap(float* slope, bool perChannel) : IMap
    {
        public static int Inputs => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => Rectifier.Of<S, V>(a, perChannel ? S.Load(slope + column) : S.Broadcast(*slope));
    }

    private readonly struct BackwardMap(float* slope, bool perChannel) : IMap
    {
        public static int Inputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => Rectifier.Gradient<S, V>(a, b, perChannel ? S.Load(slope + column) : S.Broadcast(*slope));
    }

    private readonly struct AccumulateMap(BackwardMap inner) : IMap
    {
        public static int Inputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.Add(c, inner.Apply<S, V>(column, a, b, c));
    }

    /// <summary>x·dy over x ≤ 0; writes dx on the way, so that x and dy are read once.</summary>
    private readonly struct SlopeTerms(int channels, float* x, float* dy, float* slope, bool perChannel, float* dx, bool accumulate)
        : IColumnTerms
    {
        public static int Count => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<S, V>(int firstRow, int row, int column, out V first, out V second, out V third)
            where S : struct, ISimd<V>
            where V : struct
        {
            nint offset = ((nint)row * channels) + column;
            V value = S.Load(x + offset), upstream = S.Load(dy + offset);
            first = Rectifier.SlopeGradient<S, V>(value, upstream);
            second = third = S.Zero;
            if (dx != null)
            {
                V factor = perChannel ? S.Load(slope + column) : S.Broadcast(*slope);
                V gradient = Rectifier.Gradient<S, V>(value, upstream, factor);
                S.Store(accumulate ? S.Add(S.Load(dx + offset), gradient) : gradient, dx + offset);
            }
        }
    }
}
