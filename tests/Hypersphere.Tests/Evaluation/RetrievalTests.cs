using Hypersphere.Evaluation;
using Hypersphere.Oracles;

namespace Hypersphere.Tests.Evaluation;

public class RetrievalTests
{
    /// <summary>Angles 0, 10, 25, 45, 70 degrees of classes a a b a b: neighbours by angle, worked out by hand.</summary>
    [Fact]
    public void Five_points_on_a_circle()
    {
        double[] degrees = [0, 10, 25, 45, 70];
        float[] values = [.. degrees.SelectMany(d => new[] { (float)Math.Cos(d * Math.PI / 180), (float)Math.Sin(d * Math.PI / 180) })];
        RetrievalResult result = Retrieval.Evaluate(new EmbeddingSet(values, 2, [7, 7, 3, 7, 3]), new RetrievalOptions
        {
            RecallAt = [1, 2, 4],
            RankingDepth = int.MaxValue,
        });

        // order of neighbours: 0: 1 2 3 4 | 1: 0 2 3 4 | 2: 1 3 0 4 | 3: 2 4 1 0 | 4: 3 2 1 0
        // hits (R):            0: 1 0 1 0 (2) | 1: 1 0 1 0 (2) | 2: 0 0 0 1 (1) | 3: 0 0 1 1 (2) | 4: 0 1 0 0 (1)
        Assert.Equal((5, 0), (result.Queries, result.Excluded));
        Assert.Equal(2 / 5.0, result.PrecisionAt1!.Value, 12);
        Assert.Equal((0.5 + 0.5 + 0 + 0 + 0) / 5, result.RPrecision!.Value, 12);
        Assert.Equal((0.5 + 0.5 + 0 + 0 + 0) / 5, result.MapAtR!.Value, 12);
        Assert.Equal(2 / 5.0, result.RecallAt[1]!.Value, 12);
        Assert.Equal(3 / 5.0, result.RecallAt[2]!.Value, 12);
        Assert.Equal(1, result.RecallAt[4]!.Value, 12);
        Assert.Equal((1 + 1 + 0.25 + (1 / 3.0) + 0.5) / 5, result.MeanReciprocalRank!.Value, 12);
        double threeOfFour = ((1 / 3.0) + (2 / 4.0)) / 2;
        Assert.Equal(((5 / 6.0) + (5 / 6.0) + 0.25 + threeOfFour + 0.5) / 5, result.MeanAveragePrecision!.Value, 12);
    }

    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(9, 3, 2)]
    [InlineData(130, 5, 4)]
    [InlineData(257, 17, 60)]
    [InlineData(300, 8, 300)]
    public void Agrees_with_the_definitions(int count, int size, int classes)
    {
        EmbeddingSet set = TestSets.Clusters(count, size, classes, (ulong)count);
        RetrievalResult result = Retrieval.Evaluate(set, new RetrievalOptions { RecallAt = [3] });
        (double p1, double rp, double map, double recall) = EvaluationOracle.Retrieval(set.Values, size, set.Labels, 3);
        int single = set.Labels.Count(l => set.Labels.Count(x => x == l) == 1);
        Assert.Equal((count - single, single), (result.Queries, result.Excluded));
        Assert.Equal(p1, result.PrecisionAt1 ?? double.NaN, 2e-3);
        Assert.Equal(rp, result.RPrecision ?? double.NaN, 2e-3);
        Assert.Equal(map, result.MapAtR ?? double.NaN, 2e-3);
        Assert.Equal(recall, result.RecallAt[3] ?? double.NaN, 2e-3);
    }

    [Fact]
    public void Streams_more_than_one_block_of_columns()
    {
        const int count = 1500;
        EmbeddingSet set = TestSets.Clusters(count, 6, 30, 5);
        RetrievalResult result = Retrieval.Evaluate(set);
        (double p1, double rp, double map, _) = EvaluationOracle.Retrieval(set.Values, 6, set.Labels, 1);
        Assert.Equal(p1, result.PrecisionAt1!.Value, 2e-3);
        Assert.Equal(rp, result.RPrecision!.Value, 1e-4);
        Assert.Equal(map, result.MapAtR!.Value, 1e-4);
    }

    [Fact]
    public void Ties_go_to_the_lower_row()
    {
        float[] values = new float[4 * 1500];
        Array.Fill(values, 0.5f);
        int[] labels = [.. Enumerable.Range(0, 1500).Select(i => i < 2 ? 0 : 1)];
        RetrievalResult result = Retrieval.Evaluate(new EmbeddingSet(values, 4, labels));

        // all scores equal: rows 0 and 1 find each other, every later row finds rows 0 and 1 first
        Assert.Equal(2 / 1500.0, result.PrecisionAt1!.Value, 12);
        Assert.Equal((2 + (1498 * (1495 / 1497.0))) / 1500, result.RPrecision!.Value, 12);
    }

    [Fact]
    public void Zero_rows_and_equal_rows_are_no_trouble()
    {
        RetrievalResult result = Retrieval.Evaluate(new EmbeddingSet(new float[12], 3, [0, 0, 1, 1]));
        Assert.Equal(0.25 + 0.25, result.PrecisionAt1!.Value, 12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Without_a_second_sample_of_any_class_nothing_is_defined(int count)
    {
        float[] values = [.. Enumerable.Range(1, count).Select(i => (float)i)];
        RetrievalResult result = Retrieval.Evaluate(new EmbeddingSet(values, 1, [.. Enumerable.Range(0, count)]));
        Assert.Equal((0, count), (result.Queries, result.Excluded));
        Assert.Null(result.PrecisionAt1);
        Assert.Null(result.MapAtR);
        Assert.Null(result.RecallAt[1]);
    }

    [Fact]
    public void Empty_set()
    {
        Assert.Null(Retrieval.Evaluate(new EmbeddingSet([], 3, [])).PrecisionAt1);
    }

    [Fact]
    public void One_class_is_perfect()
    {
        EmbeddingSet set = TestSets.Clusters(40, 3, 1, 1);
        RetrievalResult result = Retrieval.Evaluate(set);
        Assert.Equal(1, result.PrecisionAt1);
        Assert.Equal(1, result.MapAtR!.Value, 12);
    }

    [Fact]
    public void Distractors_are_searched_but_are_no_queries()
    {
        EmbeddingSet set = new([1, 0, 1, 0.1f, 1, 0.02f, 1, 0.03f], 2, [0, 0, -1, -1]);
        RetrievalResult result = Retrieval.Evaluate(set, new RetrievalOptions { RecallAt = [1, 3] });
        Assert.Equal((2, 2), (result.Queries, result.Excluded));
        Assert.Equal(0, result.PrecisionAt1);
        Assert.Equal(1, result.RecallAt[3]);
    }

    [Fact]
    public void Rotation_and_relabelling_change_nothing_and_permutation_neither()
    {
        EmbeddingSet set = TestSets.Clusters(300, 4, 12, 3);
        RetrievalResult plain = Retrieval.Evaluate(set);
        float[] turned = [.. set.Values];
        for (int i = 0; i < turned.Length; i += 4)
        {
            (turned[i], turned[i + 3]) = ((0.6f * turned[i]) - (0.8f * turned[i + 3]), (0.8f * turned[i]) + (0.6f * turned[i + 3]));
        }

        RetrievalResult rotated = Retrieval.Evaluate(new EmbeddingSet(turned, 4, [.. set.Labels.Select(l => 1000 - l)]));
        Assert.Equal(plain.MapAtR!.Value, rotated.MapAtR!.Value, 1e-4);

        int[] order = [.. Enumerable.Range(0, 300)];
        new Rng(1).Shuffle<int>(order);
        float[] moved = [.. order.SelectMany(i => set.Row(i).ToArray())];
        RetrievalResult permuted = Retrieval.Evaluate(new EmbeddingSet(moved, 4, [.. order.Select(i => set.Labels[i])]));
        Assert.Equal(plain.MapAtR!.Value, permuted.MapAtR!.Value, 1e-4);      // equal float32 scores go by row
        Assert.Equal(plain.PrecisionAt1, permuted.PrecisionAt1);
    }

    [Fact]
    public void Sizes_must_agree()
    {
        EmbeddingSet two = TestSets.Clusters(4, 2, 2, 1);
        EmbeddingSet three = TestSets.Clusters(4, 3, 2, 1);
        Assert.Throws<InputException>(() => Retrieval.Evaluate(two, three));
        Assert.Throws<InputException>(() => Retrieval.Evaluate(two, two, null, [1]));
        Assert.Throws<InputException>(() => Retrieval.Evaluate(two, new RetrievalOptions { RecallAt = [0] }));
    }
}
