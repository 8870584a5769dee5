using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Cuts a product into blocks of columns, depth and rows, and hands each to the pool.</summary>
/// <remarks>Each element of C is one sum in the order of k whatever the cut, so its bits depend neither on chunks nor on threads.</remarks>
internal static unsafe class GemmDriver<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    public static void Multiply(in GemmProblem problem, WorkerPool pool)
    {
        if (problem.M == 0 || problem.N == 0)
        {
            return;
        }

        if (problem.K == 0)
        {
            WriteInit(problem);
            return;
        }

        if (!problem.TransposeA && problem.TransposeB && Math.Min(problem.M, problem.N) <= Blocking.DotRows)
        {
            DotProducts<S, V> dots = new(problem.M <= problem.N ? problem : problem.Swapped());
            dots.Run(pool);
            return;
        }

        bool swap = Blocking.TurnedRows<S, V>() > 0 && !problem.TransposeA && problem.TransposeB && problem.N / Blocking.SwapRatio >= problem.M;
        GemmProblem p = swap ? problem.Swapped() : problem;
        int depth = Even(p.K, Blocking.Depth), width = Even(p.N, Blocking.Width), height = Math.Min(p.M, Blocking.Height);
        for (int column = 0; column < p.N; column += width)
        {
            for (int k = 0; k < p.K; k += depth)
            {
                for (int row = 0; row < p.M; row += height)
                {
                    GemmBlock<S, V> block = new(
                        p, row, Math.Min(height, p.M - row), column, Math.Min(width, p.N - column), k, Math.Min(depth, p.K - k));
                    block.Run(pool);
                }
            }
        }
    }

    /// <summary>The largest part when <paramref name="size"/> is cut into the fewest even parts of at most <paramref name="limit"/>, in
    /// whole panels.</summary>
    private static int Even(int size, int limit)
    {
        int parts = (size + limit - 1) / limit, panel = Blocking.MaxColumns;
        return Math.Min(size, ((size + parts - 1) / parts + panel - 1) / panel * panel);
    }

    private static void WriteInit(in GemmProblem p)
    {
        for (int i = 0; i < p.M; i++)
        {
            Output row = p.C.At(i, 0);
            for (int j = 0; j < p.N; j++)
            {
                row.C[j] = row.Init is null ? 0 : row.Init[j];
            }
        }
    }
}
