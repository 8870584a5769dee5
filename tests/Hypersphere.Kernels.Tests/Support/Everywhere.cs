using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels.Tests;

/// <summary>Runs a kernel at every register width of this machine, near the oracle, and with 1, 2 and 3 threads, equal to the last
/// bit.</summary>
internal static class Everywhere
{
    private static readonly int[] Widths = [16, 8, 4, 1];

    public static void Check(
        double[] expected, Func<float[]> kernel, double tolerance = 1e-5, [CallerMemberName] string test = "", [CallerFilePath] string file = "") =>
        Check([expected], () => [kernel()], tolerance, test, file);

    public static void Check(
        double[][] expected, Func<float[][]> kernel, double tolerance = 1e-5, [CallerMemberName] string test = "", [CallerFilePath] string file = "")
    {
        try
        {
            foreach (int lanes in Widths)
            {
                if (Launch.Force(lanes))
                {
                    CheckThreads(expected, kernel, tolerance, lanes, test, file);
                }
            }
        }
        finally
        {
            Launch.Force(0);
            WorkerPool.Configure(Environment.ProcessorCount);
        }
    }

    /// <summary>Does something at every register width of this machine.</summary>
    public static void ForEachWidth(Action check)
    {
        try
        {
            foreach (int _ in Widths.Where(Launch.Force))
            {
                check();
            }
        }
        finally
        {
            Launch.Force(0);
        }
    }

    public static void Near(double[] expected, float[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double size = expected.Length == 0 ? 0 : expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]);
            Assert.True(
                error <= tolerance * Math.Max(Math.Abs(expected[i]), 0.01 * size) || expected[i] == actual[i],
                $"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}");
        }
    }

    private static void CheckThreads(double[][] expected, Func<float[][]> kernel, double tolerance, int lanes, string test, string file)
    {
        WorkerPool.Configure(1);
        float[][] single = kernel();
        for (int part = 0; part < expected.Length; part++)
        {
            Near(expected[part], single[part], tolerance, $"{lanes} lanes, result {part}");
            Errors.Record(test, expected[part], single[part], file);
        }

        for (int threads = 2; threads <= 3; threads++)
        {
            WorkerPool.Configure(threads);
            float[][] several = kernel();
            for (int part = 0; part < expected.Length; part++)
            {
                Assert.True(single[part].AsSpan().SequenceEqual(several[part]), $"{lanes} lanes, {threads} threads: other bits in result {part}");
            }
        }
    }
}

/// <summary>Tests that change the shared worker pool take turns.</summary>
[CollectionDefinition(Name)]
public sealed class WorkerPoolTests
{
    public const string Name = "worker pool";
}
