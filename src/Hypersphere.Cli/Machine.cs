using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hypersphere.Distributed;
using Hypersphere.Kernels.Threading;
using Hypersphere.Reports;

namespace Hypersphere.Cli;

/// <summary>The processor as the kernels use it.</summary>
internal static class Machine
{
    /// <summary>Floats in a vector.</summary>
    public static int Lanes => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;

    /// <summary>What people call these vectors.</summary>
    public static string Simd => (Lanes, RuntimeInformation.ProcessArchitecture) switch
    {
        (16, _) => "AVX-512",
        (8, _) => "AVX2",
        (4, Architecture.Arm64) => "NEON",
        (4, Architecture.X64 or Architecture.X86) => "SSE4",
        (4, _) => "128-bit SIMD",
        _ => "no SIMD",
    };

    /// <summary>Threads of a rank when several of a training share this machine: its processors, or a share of them unless mpirun has given each
    /// rank some of its own.</summary>
    public static int ThreadsPerRank()
    {
        int own = Environment.ProcessorCount;
        return own < OnlineProcessors() ? own : Math.Max(1, own / MpiLaunch.OnThisMachine);
    }

    private static int OnlineProcessors()
    {
        const string Present = "/sys/devices/system/cpu/online"; // such as 0-3,6
        return !File.Exists(Present) ? 0 : File.ReadAllText(Present).Split(',').Select(range => range.Split('-'))
            .Sum(ends => int.Parse(ends[^1], CultureInfo.InvariantCulture) - int.Parse(ends[0], CultureInfo.InvariantCulture) + 1);
    }

    /// <summary>What a report says of program and computer.</summary>
    public static IEnumerable<Fact> Facts() =>
    [
        new("version", CommandLine.Version), new("runtime", RuntimeInformation.FrameworkDescription),
        new("processor", $"{Simd}, {WorkerPool.Shared.Threads} threads, {RuntimeInformation.RuntimeIdentifier}"),
    ];

    /// <summary>The first line of everything that computes for long.</summary>
    public static string Banner(int threads, long seed) =>
        $"Hypersphere {CommandLine.Version} · {Simd}, {threads} {(threads == 1 ? "thread" : "threads")} · seed {seed}";
}
