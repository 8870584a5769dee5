using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Hypersphere.Kernels.Threading;
using Hypersphere.Oracles;

namespace Hypersphere.Kernels.Tests;

public sealed unsafe class GemmTests
{
    /// <summary>Sizes around tiles, panels and blocks of every width, degenerate ones included.</summary>
    private static readonly int[] _sizes =
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 27, 31, 32, 33, 45, 63, 64, 65, 96, 100, 129];

    [Fact]
    public void EveryWidthAgreesWithTheDefinitionOnRaggedShapes()
    {
        Gen<Case> cases =
            from transposeA in ArbMap.Default.GeneratorFor<bool>()
            from transposeB in ArbMap.Default.GeneratorFor<bool>()
            from m in Gen.Elements(_sizes)
            from n in Gen.Elements(_sizes)
            from k in Gen.Elements(_sizes)
            from padding in Gen.Elements(0, 1, 5)
            from mode in Gen.Choose(0, 3)
            select new Case(transposeA, transposeB, m, n, k, padding, (mode & 1) != 0, (mode & 2) != 0);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(cases.ToArbitrary(), Agrees));
    }

    [Theory]
    [InlineData(false, false, 40, 50, 1100)]
    [InlineData(false, true, 40, 50, 1100)]
    [InlineData(true, false, 40, 50, 1100)]
    [InlineData(true, true, 40, 50, 1100)]
    [InlineData(false, true, 3, 3500, 20)]
    [InlineData(false, false, 3, 3500, 20)]
    [InlineData(false, true, 3500, 3, 20)]
    [InlineData(true, false, 3500, 3, 20)]
    [InlineData(false, false, 37, 70, 512)]
    [InlineData(false, true, 70, 300, 256)]
    [InlineData(true, false, 300, 256, 130)]
    public void BlocksJoinCorrectly(bool transposeA, bool transposeB, int m, int n, int k)
    {
        Agrees(new(transposeA, transposeB, m, n, k, 0, false, true));
        Agrees(new(transposeA, transposeB, m, n, k, 3, true, false));
    }

    [Theory]
    [InlineData(false, false, 150, 170, 600)]
    [InlineData(false, true, 150, 170, 600)]
    [InlineData(false, true, 30, 900, 256)]
    [InlineData(true, false, 256, 200, 130)]
    public void BitsDoNotDependOnTheNumberOfThreads(bool transposeA, bool transposeB, int m, int n, int k)
    {
        using Buffer a = new(m * k, 1), b = new(k * n, 2), c = new(m * n, 3);
        foreach (Width width in Width.All)
        {
            float[]? first = null;
            foreach (int threads in (int[])[1, 2, 3])
            {
                using WorkerPool pool = new(threads);
                int lda = transposeA ? m : k, ldb = transposeB ? k : n;
                GemmProblem problem = Problem(transposeA, transposeB, m, n, k, a, lda, b, ldb, new(c.Pointer, n));
                width.Multiply(problem, pool);
                first ??= c.Span.ToArray();
                bool same = MemoryMarshal.AsBytes<float>(first).SequenceEqual(MemoryMarshal.AsBytes(c.Span));
                Assert.True(same, $"{width}, {threads} threads");
            }
        }
    }

    [Fact]
    public void MultiplyUsesTheWidestWidth()
    {
        using Buffer a = new(20 * 30, 1), b = new(30 * 40, 2), c = new(20 * 40, 3), d = new(20 * 40, 4);
        Gemm.Multiply(false, false, 20, 40, 30, a.Pointer, 30, b.Pointer, 40, c.Pointer, 40);
        Width.All[0].Multiply(Problem(false, false, 20, 40, 30, a, 30, b, 40, new(d.Pointer, 40)), WorkerPool.Shared);
        Assert.Equal(d.Span.ToArray(), c.Span.ToArray());
    }

    [Fact]
    public void AccumulationAndBiasAddUp()
    {
        using Buffer a = new(5 * 7, 1), b = new(7 * 9, 2), c = new(5 * 9, 3), bias = new(9, 4);
        float[] before = c.Span.ToArray();
        Gemm.Multiply(false, false, 5, 9, 7, a.Pointer, 7, b.Pointer, 9, c.Pointer, 9, accumulate: true, bias.Pointer);
        double[] product = GemmOracle.Multiply(false, false, 5, 9, 7, a.Span, 7, b.Span, 9).Product;
        for (int i = 0; i < product.Length; i++)
        {
            Assert.Equal(product[i] + before[i] + bias.Span[i % 9], c.Span[i], 1e-5);
        }
    }

    private static GemmProblem Problem(
        bool transposeA, bool transposeB, int m, int n, int k, Buffer a, int lda, Buffer b, int ldb, Output c) =>
        new()
        {
            TransposeA = transposeA,
            TransposeB = transposeB,
            M = m,
            N = n,
            K = k,
            A = a.Pointer,
            Lda = lda,
            B = b.Pointer,
            Ldb = ldb,
            C = c,
        };

    private static void Agrees(Case s)
    {
        int lda = (s.TransposeA ? s.M : s.K) + s.Padding, ldb = (s.TransposeB ? s.K : s.N) + s.Padding, ldc = s.N + s.Padding;
        using Buffer a = new((s.TransposeA ? s.K : s.M) * lda, 1), b = new((s.TransposeB ? s.N : s.K) * ldb, 2);
        using Buffer c = new(s.M * ldc, 3), bias = new(s.N, 4);
        float[] before = c.Span.ToArray();
        (double[] product, double[] magnitude) = GemmOracle.Multiply(s.TransposeA, s.TransposeB, s.M, s.N, s.K, a.Span, lda, b.Span, ldb);
        foreach (Width width in Width.All)
        {
            before.CopyTo(c.Span);
            Output output = s.Accumulate ? new(c.Pointer, ldc, c.Pointer, ldc) : new(c.Pointer, ldc, s.Bias ? bias.Pointer : null);
            width.Multiply(Problem(s.TransposeA, s.TransposeB, s.M, s.N, s.K, a, lda, b, ldb, output), WorkerPool.Shared);
            if (s is { Padding: 0, Accumulate: false, Bias: false })
            {
                Errors.Record("any layout", product, c.Span);
            }

            for (int i = 0; i < c.Length; i++)
            {
                int row = i / ldc, column = i % ldc;
                double start = s.Accumulate ? before[i] : s.Bias && column < s.N ? bias.Span[column] : 0;
                double expected = column < s.N ? start + product[(row * s.N) + column] : before[i];
                double bound = column < s.N ? ((s.K + 4) * 6e-8 * (magnitude[(row * s.N) + column] + Math.Abs(start))) : 0;
                Assert.True(Math.Abs(c.Span[i] - expected) <= bound, $"{width} {s}: [{row},{column}] is {c.Span[i]}, expected {expected}");
            }
        }
    }

    private sealed record Case(bool TransposeA, bool TransposeB, int M, int N, int K, int Padding, bool Accumulate, bool Bias);
}
