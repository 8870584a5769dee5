using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public class SelectionTests
{
    public static TheoryData<string, int> Streams()
    {
        var data = new TheoryData<string, int>();
        foreach (string kind in new[] { "random", "ascending", "descending", "equal", "outlier", "organ pipe" })
        {
            foreach (int count in new[] { 1, 33, 64, 1000, 5000 })
            {
                data.Add(kind, count);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void The_best_are_kept_in_order(string kind, int count)
    {
        float[] scores = Scores(kind, count);
        foreach (int depth in new[] { 1, 7, 700 }.Where(d => d < count))
        {
            int capacity = TopList.CapacityFor(depth, count);
            var list = new TopList(new ulong[capacity + 3], 3, capacity, depth);
            for (int from = 0; from < count; from += SimilarityBlocks.BlockColumns)
            {
                list.Add(scores.AsSpan(from, Math.Min(SimilarityBlocks.BlockColumns, count - from)), from, skip: count / 2);
            }

            int[] expected = [.. Enumerable.Range(0, count).Where(i => i != count / 2)
                .OrderByDescending(i => scores[i]).ThenBy(i => i).Take(depth)];
            Assert.Equal(expected, list.Sorted().ToArray().Select(TopList.IndexOf));
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Sorts(string kind, int count)
    {
        ulong[] values = [.. Scores(kind, count).Select((s, i) => TopList.Candidate(s, i))];
        ulong[] expected = [.. values.OrderDescending()];
        Selection.SortDescending(values);
        Assert.Equal(expected, values);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void The_greatest_come_to_the_front(string kind, int count)
    {
        ulong[] values = [.. Scores(kind, count).Select((s, i) => TopList.Candidate(s, i))];
        ulong[] sorted = [.. values.OrderDescending()];
        foreach ((int least, int most) in new[] { (1, 1), (7, 8), (700, 875), (2500, 2500), (count, count) }.Where(l => l.Item2 <= count))
        {
            int front = Selection.Partition(values, least, most);
            Assert.InRange(front, least, most);
            Assert.Equal(sorted[..front], values[..front].OrderDescending());
            Assert.Equal(sorted[front - 1], values[front - 1]);
        }
    }

    [Theory]
    [InlineData(-1.5f)]
    [InlineData(0f)]
    [InlineData(0.3f)]
    [InlineData(float.MaxValue)]
    public void A_candidate_keeps_score_and_row(float score)
    {
        ulong candidate = TopList.Candidate(score, 123456);
        Assert.Equal((score, 123456), (TopList.ScoreOf(candidate), TopList.IndexOf(candidate)));
        Assert.True(candidate > TopList.Candidate(score, 123457));
        Assert.True(candidate > TopList.Candidate(score - (Math.Abs(score) * 1e-6f) - 1e-30f, 0));
        Assert.Equal(TopList.Candidate(0f, 5), TopList.Candidate(-0f, 5));
    }

    private static float[] Scores(string kind, int count)
    {
        Rng rng = new Rng(3).Fork(kind, count);
        float[] scores = new float[count];
        for (int i = 0; i < count; i++)
        {
            scores[i] = kind switch
            {
                "random" => rng.Uniform(-1, 1),
                "ascending" => i / (float)count,
                "descending" => -i / (float)count,
                "equal" => 0.25f,
                "outlier" => i == 9 ? 1e30f : 0.5f + (rng.NextInt(50) * 1e-7f),
                _ => Math.Min(i, count - i),
            };
        }

        return scores;
    }
}
