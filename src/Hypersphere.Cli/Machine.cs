using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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
