using System.Diagnostics;
using System.Numerics;
using Hypersphere.Collectives;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>Times a case: warm-up, then runs until the median has settled. Ranks begin each run together, and the slowest counts.</summary>
/// <param name="AtLeast">Seconds that the runs of a case take together, unless they are very many.</param>
/// <param name="FewestRuns">Runs that are taken even if they last longer.</param>
/// <param name="Ranks">Who runs it, all with the same arguments.</param>
internal sealed record BenchRunner(double AtLeast, int FewestRuns, ICollective Ranks)
{
    private const int WarmUps = 2, MostRuns = 1000;
    private const double WarmSeconds = 1;

    /// <summary>Measures a case, prepared once, at several numbers of threads.</summary>
    /// <param name="what">The case.</param>
    /// <param name="threadCounts">Threads that compute, on each rank.</param>
    public IEnumerable<BenchResult> Measure(BenchCase what, IEnumerable<int> threadCounts)
    {
        BenchBody body = what.Prepare();
        try
        {
            foreach (int threads in threadCounts)
            {
                WorkerPool.Configure(threads);
                PeakMemory.Reset();
                double seconds = MedianSeconds(body);
                yield return new BenchResult(what, Ranks.Size, threads, seconds, Largest(PeakMemory.Read()));
            }
        }
        finally
        {
            body.Release();
        }
    }

    private double MedianSeconds(BenchBody body)
    {
        double warm = 0;
        for (int i = 0; i < WarmUps && warm < WarmSeconds; i++)
        {
            warm += Time(body);
        }

        var seconds = new List<double>();
        for (double total = 0; seconds.Count < FewestRuns || (total < AtLeast && seconds.Count < MostRuns); total += seconds[^1])
        {
            seconds.Add(Time(body));
        }

        seconds.Sort();
        return seconds[seconds.Count / 2];
    }

    private double Time(BenchBody body)
    {
        Ranks.Barrier();
        long start = Stopwatch.GetTimestamp();
        body.Run();
        return Largest(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private T Largest<T>(T value)
        where T : unmanaged, INumber<T>
    {
        Ranks.AllReduceMax(new Span<T>(ref value));
        return value;
    }
}
