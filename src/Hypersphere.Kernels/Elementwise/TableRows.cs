using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Some rows of a table: copied out, added to, trained. Other rows are not touched.</summary>
/// <remarks>Row i of the smaller matrix belongs to row rows[i] of the table; no row twice. Each row is done by the kernel for whole matrices: where
/// columns fill SIMD registers the bits are those of a table that holds these rows alone, whatever the rows.</remarks>
public static unsafe class TableRows
{
    private const int ChunkNumbers = 1 << 15;

    /// <summary>y[i] = table[rows[i]].</summary>
    /// <param name="count">Rows ≥ 0.</param>
    /// <param name="columns">Numbers in a row ≥ 0.</param>
    /// <param name="rows">[count].</param>
    /// <param name="table">[·,columns].</param>
    /// <param name="y">[count,columns].</param>
    public static void Gather(int count, int columns, int* rows, float* table, float* y) =>
        Run(count, columns, new GatherBody(columns, rows, table, y));

    /// <summary>table[rows[i]] += x[i].</summary>
    /// <param name="count">Rows ≥ 0.</param>
    /// <param name="columns">Numbers in a row ≥ 0.</param>
    /// <param name="x">[count,columns].</param>
    /// <param name="rows">[count].</param>
    /// <param name="table">[·,columns].</param>
    public static void Add(int count, int columns, float* x, int* rows, float* table) =>
        Run(count, columns, new AddBody(columns, rows, table, x));

    /// <summary><see cref="SgdUpdate.Step"/> on the rows alone.</summary>
    /// <param name="count">Rows ≥ 0.</param>
    /// <param name="columns">Numbers in a row ≥ 0.</param>
    /// <param name="rows">[count].</param>
    /// <param name="w">[·,columns], updated.</param>
    /// <param name="g">[count,columns].</param>
    /// <param name="velocity">[·,columns], updated; may be null when momentum = 0.</param>
    /// <param name="rule">η, μ, λ and how.</param>
    public static void StepSgd(int count, int columns, int* rows, float* w, float* g, float* velocity, in SgdRule rule) =>
        Run(count, columns, new SgdBody(columns, rows, w, g, velocity, rule));

    /// <summary><see cref="AdamWUpdate.Step"/> on the rows alone.</summary>
    /// <param name="count">Rows ≥ 0.</param>
    /// <param name="columns">Numbers in a row ≥ 0.</param>
    /// <param name="rows">[count].</param>
    /// <param name="w">[·,columns], updated.</param>
    /// <param name="g">[count,columns].</param>
    /// <param name="m">[·,columns], first moment, updated.</param>
    /// <param name="v">[·,columns], second moment, updated.</param>
    /// <param name="rule">t, which is that of the training and the same for all rows, η, β₁, β₂, ε, λ.</param>
    public static void StepAdamW(int count, int columns, int* rows, float* w, float* g, float* m, float* v, in AdamWRule rule) =>
        Run(count, columns, new AdamWBody(columns, rows, w, g, m, v, rule));

    private static void Run<T>(int count, int columns, T each)
        where T : struct, IParallelBody
    {
        int rowsPerChunk = Math.Max(1, ChunkNumbers / Math.Max(1, columns));
        var body = new Chunks<T>(count, rowsPerChunk, each);
        WorkerPool.Shared.Run((int)(((long)count + rowsPerChunk - 1) / rowsPerChunk), ref body);
    }

    private readonly struct Chunks<T>(int count, int rowsPerChunk, T each) : IParallelBody
        where T : struct, IParallelBody
    {
        public void Run(int chunk)
        {
            int first = chunk * rowsPerChunk, last = Math.Min(count, first + rowsPerChunk);
            for (int i = first; i < last; i++)
            {
                each.Run(i);
            }
        }
    }

    private readonly struct GatherBody(int columns, int* rows, float* table, float* y) : IParallelBody
    {
        public void Run(int i) =>
            new ReadOnlySpan<float>(table + ((nint)rows[i] * columns), columns).CopyTo(new Span<float>(y + ((nint)i * columns), columns));
    }

    private readonly struct AddBody(int columns, int* rows, float* table, float* x) : IParallelBody
    {
        public void Run(int i)
        {
            Span<float> row = new(table + ((nint)rows[i] * columns), columns);
            System.Numerics.Tensors.TensorPrimitives.Add(row, new ReadOnlySpan<float>(x + ((nint)i * columns), columns), row);
        }
    }

    private readonly struct SgdBody(int columns, int* rows, float* w, float* g, float* velocity, SgdRule rule) : IParallelBody
    {
        public void Run(int i)
        {
            nint at = (nint)rows[i] * columns;
            SgdUpdate.Step(columns, w + at, g + ((nint)i * columns), velocity is null ? null : velocity + at, rule);
        }
    }

    private readonly struct AdamWBody(int columns, int* rows, float* w, float* g, float* m, float* v, AdamWRule rule) : IParallelBody
    {
        public void Run(int i)
        {
            nint at = (nint)rows[i] * columns;
            AdamWUpdate.Step(columns, w + at, g + ((nint)i * columns), m + at, v + at, rule);
        }
    }
}
