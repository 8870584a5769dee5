using System.Diagnostics;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels.Diagnostics;

/// <summary>How long threads of a pool of their own take for one chunk each.</summary>
internal static class PoolTimes
{
    /// <summary>Seconds of <paramref name="repeats"/> runs, the shortest first.</summary>
    public static double[] Sorted<TBody>(int threads, int repeats, ref TBody body)
        where TBody : struct, IParallelBody
    {
        using WorkerPool pool = new(threads);
        double[] seconds = new double[repeats];
        for (int i = 0; i < repeats; i++)
        {
            long start = Stopwatch.GetTimestamp();
            pool.Run(threads, ref body);
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(seconds);
        return seconds;
    }
}
