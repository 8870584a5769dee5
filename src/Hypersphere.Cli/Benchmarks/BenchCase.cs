namespace Hypersphere.Cli.Benchmarks;

/// <summary>Something to be timed.</summary>
/// <param name="Name">What runs.</param>
/// <param name="Shape">On what.</param>
/// <param name="Flops">Floating-point operations of one run; 0 when they are not counted.</param>
/// <param name="Samples">Samples that one run processes; 0 when there are none.</param>
/// <param name="Prepare">Makes the input and returns what is timed; disposed afterwards.</param>
internal sealed record BenchCase(string Name, string Shape, double Flops, int Samples, Func<BenchBody> Prepare)
{
    /// <summary>Bytes that one run reads and writes, where that is what counts.</summary>
    public double Bytes { get; init; }

    /// <summary>What is to be known of it besides its time, by name.</summary>
    public Func<IReadOnlyList<(string Name, double Value)>>? Measures { get; init; }

    /// <summary>What its rate counts.</summary>
    public string RateUnit => Bytes > 0 ? "GB/s" : Flops > 0 ? "GF/s" : "samples/s";
}

/// <summary>The timed work with its memory.</summary>
/// <param name="Run">One run.</param>
/// <param name="Release">Gives the memory back.</param>
internal sealed record BenchBody(Action Run, Action Release);

/// <summary>What came out.</summary>
/// <param name="Case">What ran.</param>
/// <param name="Ranks">On how many ranks.</param>
/// <param name="Threads">On how many threads each.</param>
/// <param name="Seconds">Median of a run, whose time is that of the slowest rank.</param>
/// <param name="PeakBytes">Largest memory of a process while it ran.</param>
internal sealed record BenchResult(BenchCase Case, int Ranks, int Threads, double Seconds, long PeakBytes)
{
    public double Gflops => Case.Flops / Seconds * 1e-9;

    public double GigabytesPerSecond => Case.Bytes / Seconds * 1e-9;

    /// <summary>In units of the case.</summary>
    public double Rate => Case.Bytes > 0 ? GigabytesPerSecond : Case.Flops > 0 ? Gflops : Case.Samples / Seconds;
}
