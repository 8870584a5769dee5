using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>The few numbers of a matrix that are not 0, row by row: those of row r stand at Starts[r] … Starts[r + 1].</summary>
internal readonly unsafe struct SparseMatrix(float* memory, int rows, int capacity)
{
    private const int Strip = 8;

    public int Rows => rows;

    /// <summary>[rows + 1].</summary>
    public int* Starts => (int*)memory;

    /// <summary>[capacity].</summary>
    public int* Columns => Starts + rows + 1;

    /// <summary>[capacity].</summary>
    public float* Values => (float*)(Columns + capacity);

    public int Count => Starts[rows];

    /// <summary>Floats of memory.</summary>
    public static nint Length(int rows, int capacity) => rows + 1 + (2 * (nint)capacity);

    /// <summary>Writes the transpose, whose rows are the columns here; it needs room for as many numbers.</summary>
    public void TransposeTo(SparseMatrix other)
    {
        int* starts = other.Starts, columns = Columns;
        new Span<int>(starts, other.Rows + 1).Clear();
        for (int k = 0; k < Count; k++)
        {
            starts[columns[k] + 1]++;
        }

        for (int row = 0; row < other.Rows; row++)
        {
            starts[row + 1] += starts[row];
        }

        for (int row = rows - 1; row >= 0; row--)
        {
            for (int k = Starts[row + 1] - 1; k >= Starts[row]; k--)
            {
                int at = --starts[columns[k] + 1];
                (other.Columns[at], other.Values[at]) = (row, Values[k]);
            }
        }

        // starts[r + 1] has come down to where row r begins
        int count = Count;
        for (int row = 0; row < other.Rows; row++)
        {
            starts[row] = starts[row + 1];
        }

        starts[other.Rows] = count;
    }

    /// <summary>product[rows, size] = this · right[·, size], or added to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply<S, V>(float* right, int size, float* product, bool accumulate)
        where S : struct, ISimd<V>
        where V : struct
    {
        for (int row = 0; row < rows; row++, product += size)
        {
            int first = Starts[row], count = Starts[row + 1] - first;
            if (count == 0 && accumulate)
            {
                continue;
            }

            int column = 0;
            for (; column <= size - (Strip * S.Lanes); column += Strip * S.Lanes)
            {
                Eight<S, V>(Columns + first, Values + first, count, right + column, size, product + column, accumulate);
            }

            for (; column <= size - S.Lanes; column += S.Lanes)
            {
                One<S, V>(Columns + first, Values + first, count, right + column, size, product + column, accumulate);
            }

            for (; column < size; column++)
            {
                One<SimdScalar, float>(Columns + first, Values + first, count, right + column, size, product + column, accumulate);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight<S, V>(int* columns, float* values, int count, float* right, nint step, float* sum, bool accumulate)
        where S : struct, ISimd<V>
        where V : struct
    {
        V a = S.Zero, b = S.Zero, c = S.Zero, d = S.Zero, e = S.Zero, f = S.Zero, g = S.Zero, h = S.Zero;
        if (accumulate)
        {
            (a, b, c, d) = (S.Load(sum), S.Load(sum + S.Lanes), S.Load(sum + (2 * S.Lanes)), S.Load(sum + (3 * S.Lanes)));
            (e, f, g, h) = (S.Load(sum + (4 * S.Lanes)), S.Load(sum + (5 * S.Lanes)), S.Load(sum + (6 * S.Lanes)), S.Load(sum + (7 * S.Lanes)));
        }

        for (int k = 0; k < count; k++)
        {
            float* row = right + (columns[k] * step);
            V factor = S.Broadcast(values[k]);
            a = S.MultiplyAdd(S.Load(row), factor, a);
            b = S.MultiplyAdd(S.Load(row + S.Lanes), factor, b);
            c = S.MultiplyAdd(S.Load(row + (2 * S.Lanes)), factor, c);
            d = S.MultiplyAdd(S.Load(row + (3 * S.Lanes)), factor, d);
            e = S.MultiplyAdd(S.Load(row + (4 * S.Lanes)), factor, e);
            f = S.MultiplyAdd(S.Load(row + (5 * S.Lanes)), factor, f);
            g = S.MultiplyAdd(S.Load(row + (6 * S.Lanes)), factor, g);
            h = S.MultiplyAdd(S.Load(row + (7 * S.Lanes)), factor, h);
        }

        S.Store(a, sum);
        S.Store(b, sum + S.Lanes);
        S.Store(c, sum + (2 * S.Lanes));
        S.Store(d, sum + (3 * S.Lanes));
        S.Store(e, sum + (4 * S.Lanes));
        S.Store(f, sum + (5 * S.Lanes));
        S.Store(g, sum + (6 * S.Lanes));
        S.Store(h, sum + (7 * S.Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<S, V>(int* columns, float* values, int count, float* right, nint step, float* sum, bool accumulate)
        where S : struct, ISimd<V>
        where V : struct
    {
        V a = accumulate ? S.Load(sum) : S.Zero;
        for (int k = 0; k < count; k++)
        {
            a = S.MultiplyAdd(S.Load(right + (columns[k] * step)), S.Broadcast(values[k]), a);
        }

        S.Store(a, sum);
    }
}
