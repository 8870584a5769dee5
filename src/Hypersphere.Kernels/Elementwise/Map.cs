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
        Launch.Run((int)(((long)n + ChunkSize - 1) / ChunkSize), new FlatKernel<M>(n, map, a, b, c, y, Streams(y, a, b, c, n, ChunkSize)));

    /// <summary>Flat work on the calling thread alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Here<M, S, V>(int n, in M map, float* y, float* a = null, float* b = null, float* c = null)
        where M : struct, IMap
        where S : struct, ISimd<V>
        where V : struct
    {
        int start = Registers<M, Near, S, V>(map, 0, n, a, b, c, y);
        Registers<M, Near, SimdScalar, float>(map, start, n, a, b, c, y);
    }

    public static void Rows<M>(int rows, int columns, in M map, float* y, float* a, float* b = null, float* c = null)
        where M : struct, IMap
    {
        int rowsPerChunk = Math.Max(1, ChunkSize / Math.Max(1, columns));
        bool streams = Streams(y, a, b, c, (long)rows * columns, columns);
        Launch.Run(
            (int)(((long)rows + rowsPerChunk - 1) / rowsPerChunk), new RowKernel<M>(rows, columns, rowsPerChunk, map, a, b, c, y, streams));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Registers<M, T, S, V>(in M map, int column, int end, float* a, float* b, float* c, float* y)
        where M : struct, IMap
        where T : struct, IStore
        where S : struct, ISimd<V>
        where V : struct
    {
        M op = map;
        for (; column <= end - S.Lanes; column += S.Lanes)
        {
            V p = M.Inputs > 0 ? S.Load(a + column) : S.Zero;
            V q = M.Inputs > 1 ? S.Load(b + column) : S.Zero;
            V r = M.Inputs > 2 ? S.Load(c + column) : S.Zero;
            T.Store<S, V>(op.Apply<S, V>(column, p, q, r), y + column);
        }

        return column;
    }

    /// <summary>What is read is in the cache: what overwrites it is stored there.</summary>
    private static bool Streams(float* y, float* a, float* b, float* c, long floats, int row) =>
        y != a && y != b && y != c && Streaming.Pays(y, floats, row);

    private readonly struct FlatKernel<M>(int n, M map, float* a, float* b, float* c, float* y, bool streams) : IKernel
        where M : struct, IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int start = chunk * ChunkSize, end = (int)Math.Min(n, (long)start + ChunkSize);
            start = streams ? Registers<M, Past, S, V>(map, start, end, a, b, c, y)
                : Registers<M, Near, S, V>(map, start, end, a, b, c, y);
            Registers<M, Near, SimdScalar, float>(map, start, end, a, b, c, y);
            Streaming.Finish(streams);
        }
    }

    private readonly struct RowKernel<M>(
        int rows, int columns, int rowsPerChunk, M map, float* a, float* b, float* c, float* y, bool streams) : IKernel
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
                int column = streams ? Registers<M, Past, S, V>(map, 0, columns, a + offset, b + offset, c + offset, y + offset)
                    : Registers<M, Near, S, V>(map, 0, columns, a + offset, b + offset, c + offset, y + offset);
                Registers<M, Near, SimdScalar, float>(map, column, columns, a + offset, b + offset, c + offset, y + offset);
            }

            Streaming.Finish(streams);
        }
    }
}
