using System.Globalization;
using System.Runtime.CompilerServices;

namespace Hypersphere.Kernels.Tests;

/// <summary>How far kernels are from double precision: with HYPERSPHERE_ERRORS=FILE every comparison adds a line there, of which
/// benchmarks/errors makes a table.</summary>
internal static class Errors
{
    private static readonly string? _file = Environment.GetEnvironmentVariable("HYPERSPHERE_ERRORS");
    private static readonly Lock _writing = new();

    /// <summary>Kernel, what of it, how many numbers, the largest error over the largest number, Σ error², Σ number².</summary>
    /// <param name="what">Which result or case.</param>
    /// <param name="expected">In double precision.</param>
    /// <param name="actual">What the kernel gave.</param>
    /// <param name="file">The file of tests, named after the kernel.</param>
    public static void Record(string what, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, [CallerFilePath] string file = "")
    {
        if (_file is null || expected.IsEmpty)
        {
            return;
        }

        double largest = 0, size = 0, errors = 0, numbers = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]);
            (largest, size) = (Math.Max(largest, error), Math.Max(size, Math.Abs(expected[i])));
            (errors, numbers) = (errors + (error * error), numbers + (expected[i] * expected[i]));
        }

        if (!double.IsFinite(numbers + errors) || numbers == 0)
        {
            return;
        }

        string kernel = Path.GetFileNameWithoutExtension(file).Replace("Tests", "", StringComparison.Ordinal);
        lock (_writing)
        {
            File.AppendAllText(_file, string.Create(
                CultureInfo.InvariantCulture, $"{kernel}\t{what.Replace('_', ' ')}\t{expected.Length}\t{largest / size:R}\t{errors:R}\t{numbers:R}\n"));
        }
    }
}
