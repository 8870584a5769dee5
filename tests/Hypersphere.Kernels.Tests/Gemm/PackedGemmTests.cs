using Hypersphere.Oracles;

namespace Hypersphere.Kernels.Tests;

public sealed unsafe class PackedGemmTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(14, 32, 16)]
    [InlineData(250, 70, 33)]
    [InlineData(17, 100, 600)]
    [InlineData(15, 40, 0)]
    public void PackedFactorsGiveTheProduct(int m, int n, int k)
    {
        using Buffer a = new(m * k, 1), b = new(n * k, 2), c = new(m * n, 4);
        using Buffer packed = new((int)PackedGemm.RightSize(k, n), 5);
        foreach (bool transposeA in (bool[])[false, true])
        {
            foreach (bool transposeB in (bool[])[false, true])
            {
                LeftFactor left = transposeA ? PackedGemm.Columns(a.Pointer, m) : PackedGemm.Rows(a.Pointer, k);
                if (transposeB)
                {
                    PackedGemm.PackRightTransposed(b.Pointer, k, k, n, packed.Pointer);
                }
                else
                {
                    PackedGemm.PackRight(b.Pointer, n, k, n, packed.Pointer);
                }

                int lda = transposeA ? m : k, ldb = transposeB ? k : n;
                double[] expected = GemmOracle.Multiply(transposeA, transposeB, m, n, k, a.Span, lda, b.Span, ldb).Product;
                PackedGemm.Multiply(left, m, n, k, packed.Pointer, c.Pointer, n);
                PackedGemm.Multiply(left, m, n, k, packed.Pointer, c.Pointer, n, accumulate: true);
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.Equal(2 * expected[i], c.Span[i], 1e-4);
                }
            }
        }
    }

    [Fact]
    public void ColumnsCanBeAddressed()
    {
        int panel = PackedGemm.PanelColumns, n = (2 * panel) + 3;
        using Buffer a = new(5 * 8, 1), b = new(8 * n, 2), all = new(5 * n, 3), part = new(5 * (panel + 3), 4);
        using Buffer packed = new((int)PackedGemm.RightSize(8, n), 5);
        PackedGemm.PackRight(b.Pointer, n, 8, n, packed.Pointer);
        PackedGemm.Multiply(PackedGemm.Rows(a.Pointer, 8), 5, n, 8, packed.Pointer, all.Pointer, n);
        PackedGemm.Multiply(PackedGemm.Rows(a.Pointer, 8), 5, panel + 3, 8, packed.Pointer + (panel * 8), part.Pointer, panel + 3);
        Assert.Equal(all.Span.Slice((4 * n) + panel, panel + 3).ToArray(), part.Span[^(panel + 3)..].ToArray());
    }
}
