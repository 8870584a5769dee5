using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>What is summed down every column of a rows × columns array: one to three terms an element.</summary>
internal interface IColumnTerms
{
    /// <summary>How many terms there are, 1 … 3.</summary>
    static abstract int Count { get; }

    /// <summary>The terms of a register of columns in one row; firstRow is the first row of the chunk that the sum belongs to.</summary>
    void At<S, V>(int firstRow, int row, int column, out V first, out V second, out V third)
        where S : struct, ISimd<V>
        where V : struct;
}

/// <summary>Sums down columns, one float partial a chunk of rows; chunks are cut by shape and joined in order, in double.</summary>
internal readonly unsafe struct ColumnSums
{
    private const int ChunkSize = 1 << 15;
    private const int MaxRowsPerChunk = 1024, MostTerms = 3;
    private readonly float* _partials;

    private ColumnSums(int rows, int columns)
    {
        Rows = rows;
        Columns = columns;
        RowsPerChunk = Math.Clamp(ChunkSize / Math.Max(1, columns), 16, MaxRowsPerChunk);
        Chunks = (int)(((long)rows + RowsPerChunk - 1) / RowsPerChunk);
        _partials = Scratch.Floats(Scratch.Slot.Reduction, (nint)Chunks * MostTerms * columns);
    }

    public int Rows { get; }

    public int Columns { get; }

    public int Chunks { get; }

    public int RowsPerChunk { get; }

    /// <summary>The sums stay valid until the same thread computes others.</summary>
    public static ColumnSums Compute<T>(int rows, int columns, in T terms)
        where T : struct, IColumnTerms
    {
        var sums = new ColumnSums(rows, columns);
        Launch.Run(sums.Chunks, new Kernel<T>(sums, terms));
        return sums;
    }

    public float* First(int chunk) => _partials + ((nint)chunk * MostTerms * Columns);

    public float* Second(int chunk) => First(chunk) + Columns;

    public double TotalFirst(int column) => Total(0, column);

    public double TotalSecond(int column) => Total(1, column);

    public double TotalThird(int column) => Total(2, column);

    /// <summary>The first term summed over all columns.</summary>
    public double TotalFirst()
    {
        double sum = 0;
        for (int column = 0; column < Columns; column++)
        {
            sum += TotalFirst(column);
        }

        return sum;
    }

    public void StoreFirst(float* target, bool accumulate)
    {
        for (int column = 0; column < Columns; column++)
        {
            double sum = TotalFirst(column);
            target[column] = (float)(accumulate ? target[column] + sum : sum);
        }
    }

    private double Total(int term, int column)
    {
        float* partial = _partials + ((nint)term * Columns) + column;
        double sum = 0;
        for (int chunk = 0; chunk < Chunks; chunk++, partial += (nint)MostTerms * Columns)
        {
            sum += *partial;
        }

        return sum;
    }

    private readonly struct Kernel<T>(ColumnSums sums, T terms) : IKernel
        where T : struct, IColumnTerms
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int column = 0;
            for (; column <= sums.Columns - (4 * S.Lanes); column += 4 * S.Lanes)
            {
                Four<S, V>(chunk, column);
            }

            for (; column <= sums.Columns - S.Lanes; column += S.Lanes)
            {
                One<S, V>(chunk, column);
            }

            for (; column < sums.Columns; column++)
            {
                One<SimdScalar, float>(chunk, column);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Four<S, V>(int chunk, int column)
            where S : struct, ISimd<V>
            where V : struct
        {
            T term = terms;
            int start = chunk * sums.RowsPerChunk, end = Math.Min(sums.Rows, start + sums.RowsPerChunk);
            V a0 = S.Zero, a1 = S.Zero, a2 = S.Zero, a3 = S.Zero, b0 = S.Zero, b1 = S.Zero, b2 = S.Zero, b3 = S.Zero;
            V c0 = S.Zero, c1 = S.Zero, c2 = S.Zero, c3 = S.Zero;
            for (int row = start; row < end; row++)
            {
                term.At<S, V>(start, row, column, out V p0, out V q0, out V r0);
                term.At<S, V>(start, row, column + S.Lanes, out V p1, out V q1, out V r1);
                term.At<S, V>(start, row, column + (2 * S.Lanes), out V p2, out V q2, out V r2);
                term.At<S, V>(start, row, column + (3 * S.Lanes), out V p3, out V q3, out V r3);
                a0 = S.Add(a0, p0);
                a1 = S.Add(a1, p1);
                a2 = S.Add(a2, p2);
                a3 = S.Add(a3, p3);
                if (T.Count > 1)
                {
                    b0 = S.Add(b0, q0);
                    b1 = S.Add(b1, q1);
                    b2 = S.Add(b2, q2);
                    b3 = S.Add(b3, q3);
                }

                if (T.Count > 2)
                {
                    c0 = S.Add(c0, r0);
                    c1 = S.Add(c1, r1);
                    c2 = S.Add(c2, r2);
                    c3 = S.Add(c3, r3);
                }
            }

            Store4<S, V>(sums.First(chunk) + column, a0, a1, a2, a3);
            Store4<S, V>(sums.Second(chunk) + column, b0, b1, b2, b3);
            Store4<S, V>(sums.Second(chunk) + sums.Columns + column, c0, c1, c2, c3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store4<S, V>(float* p, V v0, V v1, V v2, V v3)
            where S : struct, ISimd<V>
            where V : struct
        {
            S.Store(v0, p);
            S.Store(v1, p + S.Lanes);
            S.Store(v2, p + (2 * S.Lanes));
            S.Store(v3, p + (3 * S.Lanes));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void One<S, V>(int chunk, int column)
            where S : struct, ISimd<V>
            where V : struct
        {
            T term = terms;
            int start = chunk * sums.RowsPerChunk, end = Math.Min(sums.Rows, start + sums.RowsPerChunk);
            V a = S.Zero, b = S.Zero, c = S.Zero;
            for (int row = start; row < end; row++)
            {
                term.At<S, V>(start, row, column, out V p, out V q, out V r);
                a = S.Add(a, p);
                b = S.Add(b, q);
                c = S.Add(c, r);
            }

            S.Store(a, sums.First(chunk) + column);
            S.Store(b, sums.Second(chunk) + column);
            S.Store(c, sums.Second(chunk) + sums.Columns + column);
        }
    }
}
