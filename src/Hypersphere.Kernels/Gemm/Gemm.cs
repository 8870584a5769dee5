using System.Numerics.Tensors;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

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
    public static void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, float* a, int lda, float* b, int ldb, float* c, int ldc,
        bool accumulate = false, float* bias = null)
    {
        if (accumulate && bias is not null)
        {
            AddBias(m, n, c, ldc, bias);
            bias = null;
        }

        GemmProblem problem = new()
        {
            TransposeA = transposeA,
            TransposeB = transposeB,
            M = m,
            N = n,
            K = k,
            A = a,
            Lda = lda,
            B = b,
            Ldb = ldb,
            C = accumulate ? new(c, ldc, c, ldc) : new(c, ldc, bias),
        };
        Product product = new(problem);
        Widest.Run(ref product);
    }

    private static void AddBias(int m, int n, float* c, int ldc, float* bias)
    {
        for (int i = 0; i < m; i++, c += ldc)
        {
            TensorPrimitives.Add(new ReadOnlySpan<float>(c, n), new ReadOnlySpan<float>(bias, n), new Span<float>(c, n));
        }
    }

    private readonly struct Product(GemmProblem problem) : IWidthAction
    {
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct => GemmDriver<S, V>.Multiply(problem, WorkerPool.Shared);
    }
}
