using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public class AllPairsTests
{
    private static (VerificationPairs Pairs, double[] Scores) Enumerate(EmbeddingSet set)
    {
        (List<int> first, List<int> second, List<bool> same) = ([], [], []);
        for (int i = 0; i < set.Count; i++)
        {
            for (int j = i + 1; j < set.Count; j++)
            {
                if (set.Labels[i] >= 0 || set.Labels[j] >= 0)
                {
                    (int, bool) pair = (j, set.Labels[i] == set.Labels[j]);
                    first.Add(i);
                    second.Add(pair.Item1);
                    same.Add(pair.Item2);
                }
            }
        }

        VerificationPairs pairs = new([.. first], [.. second], [.. same]);
        return (pairs, Verification.Scores(set, pairs));
    }

    private static EmbeddingSet WithDistractors(int count)
    {
        EmbeddingSet set = TestSets.Clusters(count, 6, 9, (ulong)count, 0.3);
        return new EmbeddingSet(set.Values, 6, [.. set.Labels.Select((l, i) => i % 11 == 0 ? -1 - i : l)]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(150)]
    [InlineData(1200)]
    public void Curve_and_angles_agree_with_the_list_of_pairs(int count)
    {
        EmbeddingSet set = WithDistractors(count);
        (VerificationPairs pairs, double[] scores) = Enumerate(set);
        RocCurve expected = RocCurve.FromScores(scores, pairs.Same);
        AllPairsResult result = AllPairs.Measure(set);
        Assert.Equal((expected.Genuine, expected.Impostors), (result.Curve.Genuine, result.Curve.Impostors));
        Assert.Equal(expected.Auc.HasValue, result.Curve.Auc.HasValue);
        if (expected.IsDefined)
        {
            Assert.Equal(expected.Auc!.Value, result.Curve.Auc!.Value, result.AucError!.Value + 1e-6);
            Assert.Equal(expected.TarAt(0.1).Tar!.Value, result.Curve.TarAt(0.1).Tar!.Value, 2e-2);
        }

        (AngleHistogram genuine, AngleHistogram impostor) = AngleHistogram.FromScores(scores, pairs.Same);
        long moved = genuine.Counts.Zip(result.Genuine.Counts, (a, b) => Math.Abs(a - b)).Sum()
            + impostor.Counts.Zip(result.Impostor.Counts, (a, b) => Math.Abs(a - b)).Sum();
        Assert.InRange(moved, 0, 2 + (pairs.Count / 20_000));      // float32 moves the few angles that lie on an edge
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(150, 10)]
    [InlineData(1100, 7)]
    public void Hardest_pairs_agree_with_the_list_of_pairs(int count, int k)
    {
        EmbeddingSet set = WithDistractors(count);
        (VerificationPairs pairs, double[] scores) = Enumerate(set);
        HardestPairs among = HardestPairs.Among(pairs, scores, k);
        HardestPairs all = HardestPairs.Of(set, k);
        Assert.Equal(among.Genuine.Select(p => (p.First, p.Second)), all.Genuine.Select(p => (p.First, p.Second)));
        Assert.Equal(among.Impostor.Select(p => (p.First, p.Second)), all.Impostor.Select(p => (p.First, p.Second)));
        double[] sorted = [.. scores.Where((_, i) => !pairs.Same[i]).OrderDescending().Take(k)];
        Assert.Equal(sorted, among.Impostor.Select(p => p.Score));
    }

    [Fact]
    public void Equal_scores_keep_the_order_of_the_rows()
    {
        EmbeddingSet set = new([1, 1, 1, 1, 1], 1, [0, 0, 0, 1, 1]);
        HardestPairs hard = HardestPairs.Of(set, 2);
        Assert.Equal([(0, 1), (0, 2)], hard.Genuine.Select(p => (p.First, p.Second)));
        Assert.Equal([(0, 3), (0, 4)], hard.Impostor.Select(p => (p.First, p.Second)));
        Assert.Empty(HardestPairs.Of(set, 0).Genuine);

        // the first row's later columns come after the second row's earlier ones
        float[] ones = new float[1100];
        Array.Fill(ones, 1);
        HardestPairs many = HardestPairs.Of(new EmbeddingSet(ones, 1, [.. Enumerable.Range(0, 1100)]), 1050);
        Assert.Equal(Enumerable.Range(1, 1050).Select(j => (0, j)), many.Impostor.Select(p => (p.First, p.Second)));
    }

    [Fact]
    public void Histogram_edges()
    {
        AngleHistogram histogram = AngleHistogram.FromDegrees([0, 0.999, 1, 90, 179.5, 180]);
        Assert.Equal((2, 1, 1, 2), (histogram.Counts[0], histogram.Counts[1], histogram.Counts[90], histogram.Counts[179]));
        Assert.Equal(6, histogram.Total);
        Assert.Equal(1, histogram.BinDegrees);
    }
}
