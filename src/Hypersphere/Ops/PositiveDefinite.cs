using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypersphere.Ops;

/// <summary>Inverse of a symmetric positive definite matrix by Cholesky, in double precision. n³ multiplications; the same bits for any
/// threads.</summary>
internal static class PositiveDefinite
{
    private const int Panel = 64;
    private const int Columns = 8;

    /// <summary>The inverse.</summary>
    /// <param name="a">[n, n], becomes its factor.</param>
    /// <param name="n">Rows.</param>
    public static double[] Inverse(double[] a, int n)
    {
        Factor(a, n);
        double[] inverse = new double[n * n];
        ParallelRows.Run((n + Columns - 1) / Columns, block =>
        {
            int first = block * Columns, last = Math.Min(first + Columns, n);
            double[] x = new double[Columns * n];
            Solve(a, n, first, last, x);
            for (int c = first; c < last; c++)
            {
                x.AsSpan(((c - first) * n) + first, n - first).CopyTo(inverse.AsSpan((c * n) + first));
            }
        });
        ParallelRows.Run(n, i =>
        {
            for (int j = 0; j < i; j++)
            {
                inverse[(i * n) + j] = inverse[(j * n) + i];
            }
        });
        return inverse;
    }

    /// <summary>Lower triangle L with L·Lᵀ = A, panel by panel.</summary>
    private static void Factor(double[] a, int n)
    {
        for (int start = 0; start < n; start += Panel)
        {
            int from = start, end = Math.Min(start + Panel, n);
            ParallelRows.Run(n - from, r =>
            {
                int i = from + r;
                for (int j = from; j < Math.Min(end, i + 1); j++)
                {
                    a[(i * n) + j] -= Dot(a, n, i, j, 0, from);
                }
            });
            for (int i = from; i < end; i++)
            {
                FinishRow(a, n, i, from, i);
                a[(i * n) + i] = Math.Sqrt(a[(i * n) + i] - Dot(a, n, i, i, from, i));
            }

            ParallelRows.Run(n - end, r => FinishRow(a, n, end + r, from, end));
        }
    }

    private static void FinishRow(double[] a, int n, int i, int from, int end)
    {
        for (int j = from; j < end; j++)
        {
            a[(i * n) + j] = (a[(i * n) + j] - Dot(a, n, i, j, from, j)) / a[(j * n) + j];
        }
    }

    private static double Dot(double[] a, int n, int i, int j, int from, int end) =>
        TensorPrimitives.Dot<double>(a.AsSpan((i * n) + from, end - from), a.AsSpan((j * n) + from, end - from));

    /// <summary>Rows first … n of some columns of the inverse, by both triangles; every row of L is read once for all columns.</summary>
    private static void Solve(double[] l, int n, int first, int last, double[] x)
    {
        for (int i = first; i < n; i++)
        {
            ReadOnlySpan<double> row = l.AsSpan((i * n) + first, i - first);
            for (int c = 0; c < last - first; c++)
            {
                double own = i == first + c ? 1 : 0;
                x[(c * n) + i] = (own - TensorPrimitives.Dot(row, x.AsSpan((c * n) + first, i - first))) / l[(i * n) + i];
            }
        }

        for (int i = n - 1; i >= first; i--)
        {
            ReadOnlySpan<double> row = l.AsSpan((i * n) + first, i - first);
            for (int c = 0; c < last - first; c++)
            {
                double value = x[(c * n) + i] /= l[(i * n) + i];
                Span<double> above = x.AsSpan((c * n) + first, i - first);
                TensorPrimitives.MultiplyAdd(row, -value, above, above);
            }
        }
    }
}
