using System.Runtime.CompilerServices;

namespace Hypersphere.Kernels.Simd;

/// <summary>Products of one row, for kernels that run on a chunk of rows.</summary>
internal static unsafe class RowMath
{
    /// <summary>Σ a·b in four chains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot<S, V>(float* a, float* b, int n)
        where S : struct, ISimd<V>
        where V : struct
    {
        V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero, s3 = S.Zero;
        int i = 0;
        for (; i <= n - (4 * S.Lanes); i += 4 * S.Lanes)
        {
            s0 = S.MultiplyAdd(S.Load(a + i), S.Load(b + i), s0);
            s1 = S.MultiplyAdd(S.Load(a + i + S.Lanes), S.Load(b + i + S.Lanes), s1);
            s2 = S.MultiplyAdd(S.Load(a + i + (2 * S.Lanes)), S.Load(b + i + (2 * S.Lanes)), s2);
            s3 = S.MultiplyAdd(S.Load(a + i + (3 * S.Lanes)), S.Load(b + i + (3 * S.Lanes)), s3);
        }

        for (; i <= n - S.Lanes; i += S.Lanes)
        {
            s0 = S.MultiplyAdd(S.Load(a + i), S.Load(b + i), s0);
        }

        float sum = S.Sum(S.Add(S.Add(s0, s1), S.Add(s2, s3)));
        for (; i < n; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>y = factor·x + scale·z; y may be x or z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine<S, V>(float factor, float* x, float scale, float* z, float* y, int n)
        where S : struct, ISimd<V>
        where V : struct
    {
        V f = S.Broadcast(factor), g = S.Broadcast(scale);
        int i = 0;
        for (; i <= n - S.Lanes; i += S.Lanes)
        {
            S.Store(S.MultiplyAdd(S.Load(x + i), f, S.Multiply(S.Load(z + i), g)), y + i);
        }

        for (; i < n; i++)
        {
            y[i] = (x[i] * factor) + (z[i] * scale);
        }
    }
}
