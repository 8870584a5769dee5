using System.Diagnostics;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>Times a case: warm-up, then runs until the median has settled.</summary>
internal static class BenchRunner
{
    private const int WarmUps = 2, FewestRuns = 5, MostRuns = 1000;

    /// <summary>Measures a case, prepared once, at several numbers of threads.</summary>
    /// <param name="what">The case.</param>
    /// <param name="threadCounts">Threads that compute.</param>
    /// <param name="atLeast">Seconds that its runs take together, unless they are very many.</param>
    public static IEnumerable<BenchResult> Measure(BenchCase what, IEnumerable<int> threadCounts, double atLeast)
    {
        BenchBody body = what.Prepare();
        try
        {
            foreach (int threads in threadCounts)
            {
                WorkerPool.Configure(threads);
                PeakMemory.Reset();
                yield return new BenchResult(what, threads, MedianSeconds(body, atLeast), PeakMemory.Read());
            }
        }
        finally
        {
            body.Release();
        }
    }

    private static double MedianSeconds(BenchBody body, double atLeast)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            body.Run();
        }

        var seconds = new List<double>();
        for (double total = 0; seconds.Count < FewestRuns || (total < atLeast && seconds.Count < MostRuns); total += seconds[^1])
        {
            long start = Stopwatch.GetTimestamp();
            body.Run();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        seconds.Sort();
        return seconds[seconds.Count / 2];
    }
}
