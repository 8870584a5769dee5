using System.Numerics.Tensors;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>L2 normalisation of rows: y = x / max(‖x‖, ε).</summary>
public static unsafe class RowNormalize
{
    /// <summary>y[r] = x[r] / max(‖x[r]‖, ε); a zero row stays zero.</summary>
    /// <param name="rows">Rows ≥ 0.</param>
    /// <param name="columns">Columns, contiguous.</param>
    /// <param name="x">[rows, columns].</param>
    /// <param name="eps">ε &gt; 0, usually 1e-12.</param>
    /// <param name="y">[rows, columns]; may be x.</param>
    /// <param name="norms">[rows], max(‖x[r]‖, ε), wanted by <see cref="Backward"/>.</param>
    public static void Forward(int rows, int columns, float* x, float eps, float* y, float* norms)
    {
        var body = new ForwardBody(rows, columns, x, eps, y, norms);
        WorkerPool.Shared.Run(Chunks(rows, columns), ref body);
    }

    /// <summary>dx = (dy − y·(y·dy)) / ‖x‖, and 0 for a row of norm ≤ ε.</summary>
    /// <param name="rows">Rows ≥ 0.</param>
    /// <param name="columns">Columns, contiguous.</param>
    /// <param name="y">[rows, columns], from the forward pass.</param>
    /// <param name="norms">[rows], from the forward pass.</param>
    /// <param name="eps">ε of the forward pass.</param>
    /// <param name="dy">[rows, columns].</param>
    /// <param name="dx">[rows, columns]; may be dy.</param>
    /// <param name="accumulate">Adds to dx instead of assigning.</param>
    public static void Backward(int rows, int columns, float* y, float* norms, float eps, float* dy, float* dx, bool accumulate)
    {
        var body = new BackwardBody(rows, columns, y, norms, eps, dy, dx, accumulate);
        WorkerPool.Shared.Run(Chunks(rows, columns), ref body);
    }

    private static int RowsPerChunk(int columns) => Math.Max(1, (1 << 14) / Math.Max(1, columns));

    private static int Chunks(int rows, int columns) => (int)(((long)rows + RowsPerChunk(columns) - 1) / RowsPerChunk(columns));

    private readonly struct ForwardBody(int rows, int columns, float* x, float eps, float* y, float* norms) : IParallelBody
    {
        public void Run(int chunk)
        {
            int first = chunk * RowsPerChunk(columns), last = Math.Min(rows, first + RowsPerChunk(columns));
            for (int row = first; row < last; row++)
            {
                nint offset = (nint)row * columns;
                var source = new ReadOnlySpan<float>(x + offset, columns);
                float norm = Math.Max(TensorPrimitives.Norm(source), eps);
                norms[row] = norm;
                TensorPrimitives.Divide(source, norm, new Span<float>(y + offset, columns));
            }
        }
    }

    private readonly struct BackwardBody(int rows, int columns, float* y, float* norms, float eps, float* dy, float* dx, bool accumulate)
        : IParallelBody
    {
        public void Run(int chunk)
        {
            int first = chunk * RowsPerChunk(columns), last = Math.Min(rows, first + RowsPerChunk(columns));
            for (int row = first; row < last; row++)
            {
                nint offset = (nint)row * columns;
                var unit = new ReadOnlySpan<float>(y + offset, columns);
                var upstream = new ReadOnlySpan<float>(dy + offset, columns);
                float inverse = norms[row] > eps ? 1 / norms[row] : 0;
                float projection = TensorPrimitives.Dot(unit, upstream);
                float* target = dx + offset;
                for (int c = 0; c < columns; c++)
                {
                    float value = (upstream[c] - (unit[c] * projection)) * inverse;
                    target[c] = accumulate ? target[c] + value : value;
                }
            }
        }
    }
}
