using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels.Diagnostics;

/// <summary>The arithmetic ceiling of this machine: multiply-adds on registers alone, without any memory.</summary>
public static unsafe class FmaPeak
{
    private const int Steps = 100_000;
    private const int Chains = 12;
    private const int Repeats = 20;

    /// <summary>Measures for about a hundredth of a second and keeps the best of several runs, as others may share the cores.</summary>
    /// <param name="threads">Threads that compute together, at least 1.</param>
    /// <returns>Float32 operations a nanosecond (GF/s), two a multiply-add, over all threads, at the widest vectors that the kernels
    /// use.</returns>
    public static double Measure(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Measurement measurement = new(threads);
        Widest.Run(ref measurement);
        return measurement.Gflops;
    }

    private static double Measure<S, V>(int threads)
        where S : struct, ISimd<V>
        where V : struct
    {
        float* sink = stackalloc float[threads * S.Lanes];
        Burn<S, V> body = new(sink);
        return 2.0 * S.Lanes * Chains * Steps * threads / PoolTimes.Sorted(threads, Repeats, ref body)[0] * 1e-9;
    }

    private struct Measurement(int threads) : IWidthAction
    {
        public double Gflops { get; private set; }

        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct => Gflops = Measure<S, V>(threads);
    }

    private struct Burn<S, V>(float* sink) : IParallelBody
        where S : struct, ISimd<V>
        where V : struct
    {
        /// <summary>Twelve independent chains cover the latency of every current core.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            V x = S.Broadcast(1e-3f), a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (int step = Steps; step > 0; step--)
            {
                a = S.MultiplyAdd(x, x, a);
                b = S.MultiplyAdd(x, x, b);
                c = S.MultiplyAdd(x, x, c);
                d = S.MultiplyAdd(x, x, d);
                e = S.MultiplyAdd(x, x, e);
                f = S.MultiplyAdd(x, x, f);
                g = S.MultiplyAdd(x, x, g);
                h = S.MultiplyAdd(x, x, h);
                i = S.MultiplyAdd(x, x, i);
                j = S.MultiplyAdd(x, x, j);
                k = S.MultiplyAdd(x, x, k);
                l = S.MultiplyAdd(x, x, l);
            }

            V sum = S.Add(S.Add(S.Add(a, b), S.Add(c, d)), S.Add(S.Add(e, f), S.Add(g, h)));
            S.Store(S.Add(sum, S.Add(S.Add(i, j), S.Add(k, l))), sink + (chunk * S.Lanes));
        }
    }
}
