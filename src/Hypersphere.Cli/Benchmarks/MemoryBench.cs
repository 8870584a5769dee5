using System.Globalization;
using Hypersphere.Kernels;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>An optimizer step over more numbers than any cache holds: what memory lets through.</summary>
internal static unsafe class MemoryBench
{
    /// <summary>Momentum SGD reads weight, velocity and gradient and writes weight and velocity.</summary>
    private const int BytesOfNumber = 5 * sizeof(float);

    /// <summary>One step.</summary>
    /// <param name="count">Numbers.</param>
    public static BenchCase Case(int count) => new("memory-sgd", count.ToString(CultureInfo.InvariantCulture), 0, 0, () =>
    {
        (Numbers weights, Numbers gradient, Numbers velocity) = (new(count), new(count), new(count));
        return new BenchBody(
            () => SgdUpdate.Step(
                count, weights.Pointer, gradient.Pointer, velocity.Pointer, new SgdRule(LearningRate: 1e-3f, Momentum: 0.9f)),
            () => Array.ForEach([weights, gradient, velocity], n => n.Release()));
    })
    {
        Bytes = (double)BytesOfNumber * count,
    };
}
