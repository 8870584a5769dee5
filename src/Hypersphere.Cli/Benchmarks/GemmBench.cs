using Hypersphere.Kernels;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>Matrix products.</summary>
internal static unsafe class GemmBench
{
    /// <summary>The shapes that training meets, from small to large.</summary>
    public static IEnumerable<BenchCase> Usual() =>
    [
        Case("nn", 64, 64, 64),
        Case("nn", 256, 256, 256),
        Case("nt", 1024, 1024, 1024),
        Case("nt", 256, 20_000, 512),
        Case("nt", 512, 100_000, 512),
    ];

    /// <summary>C[m,n] = op(A)·op(B) over k.</summary>
    /// <param name="layout">nn, nt (B transposed) or tn (A transposed).</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Length of the sums.</param>
    public static BenchCase Case(string layout, int m, int n, int k)
    {
        bool transposeA = layout == "tn", transposeB = layout == "nt";
        return new BenchCase($"gemm-{layout}", $"{m}x{n}x{k}", 2.0 * m * n * k, 0, () =>
        {
            Numbers a = new((long)m * k), b = new((long)n * k), c = new((long)m * n);
            return new BenchBody(
                () => Gemm.Multiply(
                    transposeA, transposeB, m, n, k, a.Pointer, transposeA ? m : k, b.Pointer, transposeB ? k : n, c.Pointer, n),
                () => Array.ForEach([a, b, c], x => x.Release()));
        });
    }
}
