namespace Hypersphere.Kernels;

/// <summary>The arguments of <see cref="Gemm.Multiply"/>.</summary>
internal readonly unsafe struct GemmProblem
{
    public bool TransposeA { get; init; }

    public bool TransposeB { get; init; }

    public int M { get; init; }

    public int N { get; init; }

    public int K { get; init; }

    public float* A { get; init; }

    public int Lda { get; init; }

    public float* B { get; init; }

    public int Ldb { get; init; }

    public Output C { get; init; }

    /// <summary>The same product as Cᵀ = op(B)ᵀ·op(A)ᵀ.</summary>
    public GemmProblem Swapped() => this with
    {
        TransposeA = !TransposeB,
        TransposeB = !TransposeA,
        M = N,
        N = M,
        A = B,
        Lda = Ldb,
        B = A,
        Ldb = Lda,
        C = new(C.C, C.Step, C.Init, C.InitStep, isTransposed: true),
    };
}
