using FsCheck;
using FsCheck.Fluent;
using Hypersphere.Evaluation;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Tests.Evaluation;

[Collection(Alone.Name)]
public sealed class EmbeddingIndexTests
{
    [Theory]
    [InlineData(1, 40_000, 16, 10)]
    [InlineData(3, 17_000, 7, 1)]
    [InlineData(300, 2_500, 33, 12)]
    [InlineData(5, 4, 3, 9)]
    public void The_nearest_rows_are_those_that_sorting_finds(int queries, int count, int size, int top)
    {
        EmbeddingSet gallery = Random(count, size, 1), probes = Random(queries, size, 2);
        Neighbors found = new EmbeddingIndex(gallery).Find(probes, top);
        Assert.Equal(Math.Min(top, count), found.Top);
        for (int q = 0; q < queries; q += Math.Max(1, queries / 20))
        {
            double[] best = [.. Enumerable.Range(0, count).Select(g => probes.Cosine2(q, gallery, g)).OrderDescending().Take(top)];
            Assert.Equal(best, found.Scores(q).ToArray().Select(s => (double)s), (a, b) => Math.Abs(a - b) < 1e-5);
            foreach ((int i, int row) in found.Rows(q).ToArray().Index())
            {
                Assert.Equal(found.Scores(q)[i], probes.Cosine2(q, gallery, row), 1e-5);
            }
        }
    }

    [Fact]
    public void Ties_go_to_the_lower_row_and_no_row_comes_twice()
    {
        Gen<(int, int, int, int)> cases = Gen.Choose(0, int.MaxValue).SelectMany(seed => Gen.Choose(1, 256).SelectMany(
            rows => Gen.Choose(1, 9).SelectMany(probes => Gen.Choose(1, 20).Select(k => (seed, rows, probes, k)))));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(cases.ToArbitrary(), c => TiesGoDown(c.Item1, c.Item2, c.Item3, c.Item4)));
    }

    /// <summary>Random rows are the hardest to tell apart: the ten nearest of thousands lie within hundredths of each other.</summary>
    [Theory]
    [InlineData(20_000, 128, 10)]
    [InlineData(3_000, 100, 1)]
    [InlineData(40, 513, 50)]
    public void Bytes_find_nearly_all_of_the_nearest_with_their_exact_cosines(int count, int size, int top)
    {
        EmbeddingSet gallery = Random(count, size, 5), probes = Random(60, size, 6);
        Neighbors exact = new EmbeddingIndex(gallery).Find(probes, top), rough = new EmbeddingIndex(gallery, IndexPrecision.Int8).Find(probes, top);
        int found = Enumerable.Range(0, 60).Sum(q => exact.Rows(q).ToArray().Intersect(rough.Rows(q).ToArray()).Count());
        Assert.InRange(found, 0.995 * 60 * exact.Top, 60 * exact.Top);
        for (int q = 0; q < 60; q++)
        {
            float[] scores = rough.Scores(q).ToArray();
            Assert.All(rough.Rows(q).ToArray().Index(), r => Assert.Equal(probes.Cosine2(q, gallery, r.Item), scores[r.Index], 1e-5));
            Assert.Equal(scores.OrderDescending(), scores);
        }
    }

    /// <summary>Alone or in eights, what a query holds is rounded so that sums of bytes do not overflow.</summary>
    [Theory]
    [InlineData(0, 1, 4, 5, 8, 9, 12, 13)]
    [InlineData(2, 3, 6, 7, 10, 11, 14, 15)]
    [InlineData(17)]
    public void Bytes_find_the_nearest_of_a_query_with_few_numbers(params int[] held)
    {
        float[] values = new float[64];
        foreach (int k in held)
        {
            values[k] = 0.3f + (k % 3 * 0.2f);
        }

        EmbeddingSet gallery = new([.. values, .. values.Select(x => -x), .. Random(3_000, 64, 7).Values], 64, new int[3_002]), probe = new(values, 64, [0]);
        Neighbors exact = new EmbeddingIndex(gallery).Find(probe, 5), rough = new EmbeddingIndex(gallery, IndexPrecision.Int8).Find(probe, 5);
        Assert.Equal(exact.Rows(0).ToArray(), rough.Rows(0).ToArray());
    }

    [Fact]
    public void Rows_of_zeros_are_as_near_as_a_right_angle_in_bytes_too()
    {
        EmbeddingSet gallery = new([0, 0, 0, 1, -1, 0], 2, [0, 0, 0]);
        Neighbors found = new EmbeddingIndex(gallery, IndexPrecision.Int8).Find(new EmbeddingSet([1, 0, 0, 0], 2, [0, 0]), 3);
        Assert.Equal([0, 1, 2], found.Rows(0).ToArray());
        Assert.Equal([0f, 0, -1], found.Scores(0).ToArray());
        Assert.Equal([0f, 0, 0], found.Scores(1).ToArray());
    }

    [Theory]
    [InlineData(IndexPrecision.Float32)]
    [InlineData(IndexPrecision.Int8)]
    public void The_number_of_threads_does_not_matter(IndexPrecision precision)
    {
        EmbeddingSet gallery = Random(30_000, 20, 3), probes = Random(400, 20, 4);
        int before = WorkerPool.Shared.Threads;
        (int[], float[]) Run(int threads)
        {
            WorkerPool.Configure(threads);
            Neighbors found = new EmbeddingIndex(gallery, precision).Find(probes, 7);
            return ([.. Enumerable.Range(0, 400).SelectMany(q => found.Rows(q).ToArray())], [.. Enumerable.Range(0, 400).SelectMany(q => found.Scores(q).ToArray())]);
        }

        ((int[] rows, float[] scores), (int[] otherRows, float[] otherScores)) = (Run(1), Run(3));
        WorkerPool.Configure(before);
        Assert.Equal(rows, otherRows);
        Assert.Equal(scores, otherScores);
    }

    [Fact]
    public void Another_size_is_refused() => Assert.Contains(
        "both must come from one model", Assert.Throws<InputException>(() => new EmbeddingIndex(Random(3, 4, 1)).Find(Random(1, 5, 1), 1)).Message, StringComparison.Ordinal);

    private static void TiesGoDown(int seed, int rows, int probes, int k)
    {
        Rng random = new((ulong)seed);
        const int Size = 3;
        float[] Values(int n) => [.. Enumerable.Range(0, n * Size).Select(_ => (float)(random.NextInt(3) - 1))];
        EmbeddingSet gallery = new(Values(rows), Size, new int[rows]), asked = new(Values(probes), Size, new int[probes]);
        Neighbors found = new EmbeddingIndex(gallery).Find(asked, k);
        for (int q = 0; q < probes; q++)
        {
            int[] own = found.Rows(q).ToArray();
            float[] scores = found.Scores(q).ToArray();
            Assert.Equal(own.Length, own.Distinct().Count());
            Assert.All(Enumerable.Range(1, own.Length - 1), i => Assert.True(scores[i - 1] > scores[i] || (scores[i - 1] == scores[i] && own[i - 1] < own[i])));
        }
    }

    private static EmbeddingSet Random(int count, int size, ulong seed)
    {
        Rng random = new(seed);
        return new([.. Enumerable.Range(0, count * size).Select(_ => (float)random.NextGaussian())], size, new int[count]);
    }
}

internal static class CosineBetween
{
    /// <summary>Cosine of rows of two sets, in double precision.</summary>
    public static double Cosine2(this EmbeddingSet a, int row, EmbeddingSet b, int other)
    {
        (double dot, double left, double right) = (0, 0, 0);
        for (int d = 0; d < a.Size; d++)
        {
            (dot, left, right) = (dot + ((double)a.Row(row)[d] * b.Row(other)[d]), left + ((double)a.Row(row)[d] * a.Row(row)[d]), right + ((double)b.Row(other)[d] * b.Row(other)[d]));
        }

        return left * right == 0 ? 0 : dot / Math.Sqrt(left * right);
    }
}
