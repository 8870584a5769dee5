using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Sums, maxima and the search for non-finite values. Blocks of 256 floats are summed in float, blocks in double, in
/// order.</summary>
public static unsafe class Reduction
{
    private const int Block = 256;
    private const int ChunkSize = 1 << 15;

    private enum Kind
    {
        Sum,
        SumOfSquares,
        Max,
        NonFinite,
    }

    /// <summary>Σ x.</summary>
    public static double Sum(int n, float* x) => Total(n, x, Kind.Sum);

    /// <summary>Σ x².</summary>
    public static double SumOfSquares(int n, float* x) => Total(n, x, Kind.SumOfSquares);

    /// <summary>The largest of x: NaN if there is one, −∞ when n = 0.</summary>
    public static float Max(int n, float* x)
    {
        double max = double.NegativeInfinity;
        foreach (double partial in Partials(n, x, Kind.Max))
        {
            max = Math.Max(max, partial);
        }

        return (float)max;
    }

    /// <summary>Index of the first NaN or infinity, −1 when all are finite.</summary>
    public static int FirstNonFinite(int n, float* x)
    {
        foreach (double partial in Partials(n, x, Kind.NonFinite))
        {
            if (partial >= 0)
            {
                return (int)partial;
            }
        }

        return -1;
    }

    /// <summary>target[c] = Σ over rows of x[r, c] (added to target when <paramref name="accumulate"/>).</summary>
    /// <param name="rows">Rows ≥ 0.</param>
    /// <param name="columns">Columns, contiguous.</param>
    /// <param name="x">[rows, columns].</param>
    /// <param name="target">[columns].</param>
    /// <param name="accumulate">Adds instead of assigning.</param>
    public static void ColumnSum(int rows, int columns, float* x, float* target, bool accumulate) =>
        ColumnSums.Compute(rows, columns, new ValueTerms(columns, x)).StoreFirst(target, accumulate);

    /// <summary>Σ x on the calling thread, with the accuracy of <see cref="Sum"/>.</summary>
    internal static double SerialSum(int n, float* x)
    {
        double sum = 0;
        for (int i = 0; i < n; i += Block)
        {
            sum += TensorPrimitives.Sum(new ReadOnlySpan<float>(x + i, Math.Min(Block, n - i)));
        }

        return sum;
    }

    private static double Total(int n, float* x, Kind kind)
    {
        double sum = 0;
        foreach (double partial in Partials(n, x, kind))
        {
            sum += partial;
        }

        return sum;
    }

    private static ReadOnlySpan<double> Partials(int n, float* x, Kind kind)
    {
        int chunks = (int)(((long)n + ChunkSize - 1) / ChunkSize);
        double* partials = (double*)Scratch.Floats(Scratch.Slot.Reduction, 2 * (nint)chunks);
        var body = new Body(n, x, kind, partials);
        WorkerPool.Shared.Run(chunks, ref body);
        return new ReadOnlySpan<double>(partials, chunks);
    }

    private static int FirstNonFinite(ReadOnlySpan<float> block)
    {
        if (float.IsFinite(TensorPrimitives.SumOfMagnitudes(block)))
        {
            return -1;
        }

        for (int i = 0; i < block.Length; i++)
        {
            if (!float.IsFinite(block[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private readonly struct Body(int n, float* x, Kind kind, double* partials) : IParallelBody
    {
        public void Run(int chunk)
        {
            int start = chunk * ChunkSize, end = (int)Math.Min(n, (long)start + ChunkSize);
            double partial = kind switch { Kind.Max => double.NegativeInfinity, Kind.NonFinite => -1, _ => 0 };
            for (int i = start; i < end; i += Block)
            {
                var block = new ReadOnlySpan<float>(x + i, Math.Min(Block, end - i));
                switch (kind)
                {
                    case Kind.Sum:
                        partial += TensorPrimitives.Sum(block);
                        break;
                    case Kind.SumOfSquares:
                        partial += TensorPrimitives.SumOfSquares(block);
                        break;
                    case Kind.Max:
                        partial = Math.Max(partial, TensorPrimitives.Max(block));
                        break;
                    default:
                        int found = FirstNonFinite(block);
                        partial = partial < 0 && found >= 0 ? i + found : partial;
                        break;
                }
            }

            partials[chunk] = partial;
        }
    }

    private readonly struct ValueTerms(int columns, float* x) : IColumnTerms
    {
        public static int Count => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<S, V>(int firstRow, int row, int column, out V first, out V second, out V third)
            where S : struct, ISimd<V>
            where V : struct
        {
            first = S.Load(x + ((nint)row * columns) + column);
            second = third = S.Zero;
        }
    }
}
