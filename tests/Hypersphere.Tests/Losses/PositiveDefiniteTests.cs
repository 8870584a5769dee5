using Hypersphere.Kernels.Threading;
using Hypersphere.Ops;

namespace Hypersphere.Tests.Losses;

[Collection(Alone.Name)]
public sealed class PositiveDefiniteTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(150)]
    public void The_inverse_undoes_the_matrix_whatever_the_threads(int n)
    {
        double[] noise = Array.ConvertAll(LossRun.Gaussian(n * n, "definite"), v => (double)v), a = new double[n * n];
        for (int k = 0; k < n * n; k++)
        {
            int i = k / n, j = k % n;
            a[k] = (i == j ? 2.0 : 0) + Enumerable.Range(0, n).Sum(d => noise[(i * n) + d] * noise[(j * n) + d] / n);
        }

        int threads = WorkerPool.Shared.Threads;
        WorkerPool.Configure(1);
        double[] one = PositiveDefinite.Inverse([.. a], n);
        WorkerPool.Configure(3);
        double[] three = PositiveDefinite.Inverse([.. a], n);
        WorkerPool.Configure(threads);
        Assert.Equal(one, three);
        for (int k = 0; k < n * n; k++)
        {
            Assert.Equal(k / n == k % n ? 1 : 0, Enumerable.Range(0, n).Sum(d => a[(k / n * n) + d] * one[(d * n) + (k % n)]), 1e-12);
        }
    }
}
