using Hypersphere.Kernels.Simd;

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
        Launch.Run(Chunks(rows, columns), new ForwardKernel(rows, columns, x, eps, y, norms));
    }

    /// <summary>dx = (dy − y·(y·dy)) / ‖x‖, and 0 for a row of norm ≤ ε.</summary>
    /// <param name="rows">Rows ≥ 0.</param>
    /// <param name="columns">Columns, contiguous.</param>
    /// <param name="y">[rows, columns], from the forward pass.</param>
    /// <param name="norms">[rows], from the forward pass.</param>
    /// <param name="eps">ε of the forward pass.</param>
    /// <param name="dy">[rows, columns].</param>
    /// <param name="dx">[rows, columns]; may be dy when assigned.</param>
    /// <param name="accumulate">Adds to dx instead of assigning.</param>
    public static void Backward(int rows, int columns, float* y, float* norms, float eps, float* dy, float* dx, bool accumulate)
    {
        Launch.Run(Chunks(rows, columns), new BackwardKernel(rows, columns, y, norms, eps, dy, dx, accumulate));
    }

    private static int RowsPerChunk(int columns) => Math.Max(1, (1 << 14) / Math.Max(1, columns));

    private static int Chunks(int rows, int columns) => (int)(((long)rows + RowsPerChunk(columns) - 1) / RowsPerChunk(columns));

    private readonly struct ForwardKernel(int rows, int columns, float* x, float eps, float* y, float* norms) : IKernel
    {
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int first = chunk * RowsPerChunk(columns), last = Math.Min(rows, first + RowsPerChunk(columns));
            for (int row = first; row < last; row++)
            {
                nint offset = (nint)row * columns;
                norms[row] = MathF.Max(MathF.Sqrt(RowMath.Dot<S, V>(x + offset, x + offset, columns)), eps);
                RowMath.Combine<S, V>(1 / norms[row], x + offset, 0, x + offset, y + offset, columns);
            }
        }
    }

    private readonly struct BackwardKernel(int rows, int columns, float* y, float* norms, float eps, float* dy, float* dx, bool accumulate)
        : IKernel
    {
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int first = chunk * RowsPerChunk(columns), last = Math.Min(rows, first + RowsPerChunk(columns));
            for (int row = first; row < last; row++)
            {
                nint offset = (nint)row * columns;
                float inverse = norms[row] > eps ? 1 / norms[row] : 0;
                float along = -RowMath.Dot<S, V>(y + offset, dy + offset, columns) * inverse;
                if (accumulate)
                {
                    RowMath.Combine<S, V>(along, y + offset, 1, dx + offset, dx + offset, columns);
                    RowMath.Combine<S, V>(inverse, dy + offset, 1, dx + offset, dx + offset, columns);
                }
                else
                {
                    RowMath.Combine<S, V>(along, y + offset, inverse, dy + offset, dx + offset, columns);
                }
            }
        }
    }
}
