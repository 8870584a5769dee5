namespace Hypersphere.Oracles;

/// <summary>Matrix products in double precision, written as the definition.</summary>
public static class GemmOracle
{
    /// <summary>op(A)·op(B) [m,n], and the sum of the absolute terms of each element, which bounds its rounding error.</summary>
    public static (double[] Product, double[] Magnitude) Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb)
    {
        double[] product = new double[m * n], magnitude = new double[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int p = 0; p < k; p++)
                {
                    double term = (double)a[transposeA ? (p * lda) + i : (i * lda) + p] * b[transposeB ? (j * ldb) + p : (p * ldb) + j];
                    product[(i * n) + j] += term;
                    magnitude[(i * n) + j] += Math.Abs(term);
                }
            }
        }

        return (product, magnitude);
    }
}
