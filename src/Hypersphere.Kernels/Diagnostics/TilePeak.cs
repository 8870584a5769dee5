using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels.Diagnostics;

/// <summary>What loads beside the multiply-adds leave of <see cref="FmaPeak"/>: register tiles of a product whose operands lie in the nearest
/// cache.</summary>
/// <remarks>A term of a tile has more instructions than multiply-adds, and so suffers first where the core is shared.</remarks>
public static unsafe class TilePeak
{
    private const int Terms = 160; // both operands of any width take 32 KiB at most
    private const int Tiles = 4000;
    private const int Repeats = 41;

    /// <summary>Measures for some hundredths of a second and takes the median of several runs: what is usual now, not what is possible.</summary>
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
        Multiplication<S, V> body = default;
        double seconds = PoolTimes.Sorted(threads, Repeats, ref body)[Repeats / 2];
        return 2.0 * Blocking.Rows<S, V>() * Blocking.Columns<S, V>() * Terms * Tiles * threads / seconds * 1e-9;
    }

    private struct Measurement(int threads) : IWidthAction
    {
        public double Gflops { get; private set; }

        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct => Gflops = Measure<S, V>(threads);
    }

    private readonly struct Multiplication<S, V> : IParallelBody
        where S : struct, ISimd<V>
        where V : struct
    {
        public void Run(int chunk)
        {
            int rows = Blocking.Rows<S, V>(), columns = Blocking.Columns<S, V>();
            float* left = Scratch.Floats(Scratch.Slot.PackA, rows * Terms), right = Scratch.Floats(Scratch.Slot.PackB, columns * Terms);
            float* sums = stackalloc float[Blocking.MaxRows * Blocking.MaxColumns];
            new Span<float>(left, rows * Terms).Clear();
            new Span<float>(right, columns * Terms).Clear();
            for (int tile = 0; tile < Tiles; tile++)
            {
                MacroKernel<S, V>.Panel(LeftFactor.Rows(left, Terms, rows), rows, Terms, right, columns, new(sums, columns));
            }
        }
    }
}
