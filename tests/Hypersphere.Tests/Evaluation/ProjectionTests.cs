using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public class ProjectionTests
{
    [Theory]
    [InlineData(60, 3)]
    [InlineData(40, 70)]
    [InlineData(5, 2)]
    public void Components_are_eigenvectors_of_the_covariance(int count, int size)
    {
        EmbeddingSet set = TestSets.Clusters(count, size, 4, (ulong)size);
        Projection picture = Projection.Of(set);
        double[][] rows = [.. Enumerable.Range(0, count).Select(i => Array.ConvertAll(set.Normalized().Row(i).ToArray(), v => (double)v))];
        double[] mean = [.. Enumerable.Range(0, size).Select(d => rows.Average(r => r[d]))];
        double total = rows.Sum(r => r.Zip(mean, (a, b) => (a - b) * (a - b)).Sum());
        for (int k = 0; k < 2; k++)
        {
            double[] v = picture.Directions[(k * size)..((k + 1) * size)];
            double[] along = [.. rows.Select(r => r.Zip(mean, (a, b) => a - b).Zip(v, (a, b) => a * b).Sum())];
            double[] image = [.. Enumerable.Range(0, size)
                .Select(d => Enumerable.Range(0, count).Sum(i => (rows[i][d] - mean[d]) * along[i]))];
            double value = along.Sum(a => a * a);
            Assert.Equal(value / total, picture.ExplainedVariance[k], 1e-9);
            Assert.All(Enumerable.Range(0, size), d => Assert.Equal(value * v[d], image[d], 1e-4 * total));
            Assert.True(v.MaxBy(Math.Abs) > 0);
            Assert.All(Enumerable.Range(0, count), i => Assert.Equal(along[i], picture.Points[(2 * i) + k], 1e-5));
        }

        Assert.True(picture.ExplainedVariance[0] >= picture.ExplainedVariance[1]);
    }

    [Fact]
    public void Finds_the_plane_that_the_data_lie_in()
    {
        float[] values = new float[100 * 30];
        for (int i = 0; i < 100; i++)
        {
            (double sine, double cosine) = Math.SinCos(i);
            (values[(i * 30) + 7], values[(i * 30) + 21]) = ((float)cosine, (float)(0.5 * sine));
        }

        Projection picture = Projection.Of(new EmbeddingSet(values, 30, new int[100]));
        Assert.Equal(1, picture.ExplainedVariance.Sum(), 1e-9);
        Assert.Equal(1, picture.Directions[7], 1e-2);
        Assert.Equal(1, picture.Directions[30 + 21], 1e-2);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(4, 1)]
    public void Degenerate_sets_are_finite(int count, int size)
    {
        Projection picture = Projection.Of(new EmbeddingSet([.. Enumerable.Repeat(1f, count * size)], size, new int[count]));
        Assert.Equal(2 * count, picture.Points.Length);
        Assert.All(picture.Points, p => Assert.Equal(0, p, 1e-6));
        Assert.All(picture.ExplainedVariance, v => Assert.Equal(0, v));
        Assert.All(picture.Directions, v => Assert.True(double.IsFinite(v)));
    }
}
