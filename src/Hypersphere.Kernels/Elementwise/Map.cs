using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>One output register from up to three input registers.</summary>
internal interface IMap
{
    /// <summary>How many of the inputs are read, 0 … 3.</summary>
    static abstract int Inputs { get; }

    /// <summary>The column is where the registers start within the row, for constants of a column.</summary>
    V Apply<S, V>(int column, V a, V b, V c)
        where S : struct, ISimd<V>
        where V : struct;
}

/// <summary>Elementwise work on a flat array or on rows × columns, in parallel above a size; outputs may be inputs.</summary>
internal static unsafe class Map
{
    private const int ChunkSize = 1 << 15;

    public static void Flat<M>(int n, in M map, float* y, float* a = null, float* b = null, float* c = null)
        where M : struct, IMap =>
        Launch.Run((int)(((long)n + ChunkSize - 1) / ChunkSize), new FlatKernel<M>(n, map, a, b, c, y));

    /// <summary>Flat work on the calling thread alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Here<M, S, V>(int n, in M map, float* y, float* a = null, float* b = null, float* c = null)
        where M : struct, IMap
        where S : struct, ISimd<V>
        where V : struct
    {
        int start = Registers<M, S, V>(map, 0, n, a, b, c, y);
        Registers<M, SimdScalar, float>(map, start, n, a, b, c, y);
    }

    public static void Rows<M>(int rows, int columns, in M map, float* y, float* a, float* b = null, float* c = null)
        where M : struct, IMap
    {
        int rowsPerChunk = Math.Max(1, ChunkSize / Math.Max(1, columns));
        Launch.Run((int)(((long)rows + rowsPerChunk - 1) / rowsPerChunk), new RowKernel<M>(rows, columns, rowsPerChunk, map, a, b, c, y));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Registers<M, S, V>(in M map, int column, int end, float* a, float* b, float* c, float* y)
        where M : struct, IMap
        where S : struct, ISimd<V>
        where V : struct
    {
        M op = map;
        for (; column <= end - S.Lanes; column += S.Lanes)
        {
            V p = M.Inputs > 0 ? S.Load(a + column) : S.Zero;
            V q = M.Inputs > 1 ? S.Load(b + column) : S.Zero;
            V r = M.Inputs > 2 ? S.Load(c + column) : S.Zero;
            S.Store(op.Apply<S, V>(column, p, q, r), y + column);
        }

        return column;
    }

    private readonly struct FlatKernel<M>(int n, M map, float* a, float* b, float* c, float* y) : IKernel
        where M : struct, IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int start = chunk * ChunkSize, end = (int)Math.Min(n, (long)start + ChunkSize);
            start = Registers<M, S, V>(map, start, end, a, b, c, y);
            Registers<M, SimdScalar, float>(map, start, end, a, b, c, y);
        }
    }

    private readonly struct RowKernel<M>(int rows, int columns, int rowsPerChunk, M map, float* a, float* b, float* c, float* y) : IKernel
        where M : struct, IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int first = chunk * rowsPerChunk, last = Math.Min(rows, first + rowsPerChunk);
            for (int row = first; row < last; row++)
            {
                nint offset = (nint)row * columns;
                int column = Registers<M, S, V>(map, 0, columns, a + offset, b + offset, c + offset, y + offset);
                Registers<M, SimdScalar, float>(map, column, columns, a + offset, b + offset, c + offset, y + offset);
            }
        }
    }
}
