using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>PReLU on registers, and in place on a part of a result that is still in the cache, on the calling thread.</summary>
internal static unsafe class Rectifier
{
    /// <summary>c[r, j] = c[r, j] &gt; 0 ? c[r, j] : slopes[j]·c[r, j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<S, V>(float* c, nint step, int rows, int columns, float* slopes)
        where S : struct, ISimd<V>
        where V : struct
    {
        for (int r = 0; r < rows; r++, c += step)
        {
            int j = 0;
            for (; j <= columns - S.Lanes; j += S.Lanes)
            {
                S.Store(Of<S, V>(S.Load(c + j), S.Load(slopes + j)), c + j);
            }

            for (; j < columns; j++)
            {
                c[j] = c[j] > 0 ? c[j] : c[j] * slopes[j];
            }
        }
    }

    /// <summary>x where it is positive, else slope·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<S, V>(V x, V slope)
        where S : struct, ISimd<V>
        where V : struct => S.IfPositive(x, x, S.Multiply(x, slope));

    /// <summary>dL/dx from dL/dy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<S, V>(V x, V dy, V slope)
        where S : struct, ISimd<V>
        where V : struct => S.IfPositive(x, dy, S.Multiply(dy, slope));

    /// <summary>What an element adds to dL/dslope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SlopeGradient<S, V>(V x, V dy)
        where S : struct, ISimd<V>
        where V : struct => S.IfPositive(x, S.Zero, S.Multiply(x, dy));
}
