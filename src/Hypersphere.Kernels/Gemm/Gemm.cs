using System.Runtime.CompilerServices;

namespace Hypersphere.Kernels;

/// <summary>Matrix product in float32 on row-major memory.</summary>
public static unsafe class Gemm
{
    /// <summary>C[m,n] = op(A)·op(B), plus C when accumulating, plus a bias row.</summary>
    /// <param name="transposeA">op(A) = Aᵀ: A is stored [k,m] instead of [m,k].</param>
    /// <param name="transposeB">op(B) = Bᵀ: B is stored [n,k] instead of [k,n].</param>
    /// <param name="m">Rows of C, ≥ 0.</param>
    /// <param name="n">Columns of C, ≥ 0.</param>
    /// <param name="k">Length of the inner sum, ≥ 0; zero leaves the accumulated C and the bias alone.</param>
    /// <param name="a">First factor as stored.</param>
    /// <param name="lda">Floats from one stored row of A to the next.</param>
    /// <param name="b">Second factor as stored.</param>
    /// <param name="ldb">Floats from one stored row of B to the next.</param>
    /// <param name="c">Result; must not overlap A, B or the bias.</param>
    /// <param name="ldc">Floats from one row of C to the next.</param>
    /// <param name="accumulate">Add to what C holds instead of overwriting it.</param>
    /// <param name="bias">n floats added to every row, or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, float* a, int lda, float* b, int ldb, float* c, int ldc,
        bool accumulate = false, float* bias = null)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = (accumulate ? c[((nint)i * ldc) + j] : 0) + (bias is null ? 0 : bias[j]);
                for (int p = 0; p < k; p++)
                {
                    sum += (transposeA ? a[((nint)p * lda) + i] : a[((nint)i * lda) + p])
                         * (transposeB ? b[((nint)j * ldb) + p] : b[((nint)p * ldb) + j]);
                }

                c[((nint)i * ldc) + j] = sum;
            }
        }
    }
}
