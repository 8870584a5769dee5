using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>y = max(x, 0).</summary>
public static unsafe class Relu
{
    /// <summary>y = x where x &gt; 0, else 0; y may be x.</summary>
    public static void Forward(int n, float* x, float* y) => Map.Flat(n, default(ForwardMap), y, x);

    /// <summary>dx = dy where y &gt; 0, else 0 (added to dx when <paramref name="accumulate"/>).</summary>
    public static void Backward(int n, float* y, float* dy, float* dx, bool accumulate)
    {
        if (accumulate)
        {
            Map.Flat(n, default(AccumulateMap), dx, y, dy, dx);
        }
        else
        {
            Map.Flat(n, default(BackwardMap), dx, y, dy);
        }
    }

    private readonly struct ForwardMap : IMap
    {
        public static int Inputs => 1;

        // a NaN must stay visible, so Max and not a selection
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.Max(a, S.Zero);
    }

    private readonly struct BackwardMap : IMap
    {
        public static int Inputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.IfPositive(a, b, S.Zero);
    }

    private readonly struct AccumulateMap : IMap
    {
        public static int Inputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.Add(c, S.IfPositive(a, b, S.Zero));
    }
}
