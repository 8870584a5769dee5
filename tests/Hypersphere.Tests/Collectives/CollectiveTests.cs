using Hypersphere.Collectives;

namespace Hypersphere.Tests.Collectives;

public sealed class CollectiveTests
{
    public static TheoryData<int, int> Cases
    {
        get
        {
            TheoryData<int, int> cases = [];
            foreach (int size in new[] { 1, 2, 3, 5 })
            {
                foreach (int count in new[] { 0, 1, 4, 1001, 30_000, 5_000_011 }.Where(n => size < 4 || n < 1_000_000))
                {
                    cases.Add(size, count);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sums_are_taken_in_the_order_of_the_ranks(int size, int count)
    {
        float[] expected = Version(0, count);
        for (int rank = 1; rank < size; rank++)
        {
            expected = [.. expected.Zip(Version(rank, count), (a, b) => a + b)];
        }

        Assert.All(ThreadRanks.Run(size, ranks => Changed(Version(ranks.Rank, count), v => ranks.AllReduceSum<float>(v))), r => Assert.Equal(expected, r));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_largest_of_all(int size, int count)
    {
        double[] expected = [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, size).Max(r => (double)Value(r, i)))];
        Assert.All(
            ThreadRanks.Run(size, ranks => Changed(Array.ConvertAll(Version(ranks.Rank, count), v => (double)v), v => ranks.AllReduceMax<double>(v))),
            r => Assert.Equal(expected, r));
    }

    [Theory]
    [InlineData(2, 7, 3)]
    [InlineData(3, 2, 5)]
    [InlineData(4, 1001, 16)]
    public void Every_rank_gets_the_sum_of_its_share_and_then_all_shares(int size, int items, int width)
    {
        Shares shares = new(items, size, width);
        float[][] results = ThreadRanks.Run(size, ranks => Changed(Version(ranks.Rank, items * width), v =>
        {
            ranks.ReduceScatter<float>(v, shares);
            for (int rank = 0; rank < size; rank++)
            {
                if (rank != ranks.Rank)
                {
                    shares.Of(v.AsSpan(), rank).Clear();
                }
            }

            ranks.AllGather<float>(v, shares);
        }));
        float[] sum = ThreadRanks.Run(size, ranks => Changed(Version(ranks.Rank, items * width), v => ranks.AllReduceSum<float>(v)))[0];
        Assert.All(results, r => Assert.Equal(sum, r));
    }

    [Fact]
    public void One_sends_to_all_or_to_one()
    {
        int[][] results = ThreadRanks.Run(3, ranks =>
        {
            int[] broadcast = [ranks.Rank, ranks.Rank + 10], received = [-1];
            ranks.Broadcast<int>(broadcast, root: 1);
            if (ranks.Rank == 2)
            {
                ranks.Send<int>([42], to: 0);
            }
            else if (ranks.Rank == 0)
            {
                ranks.Receive<int>(received, from: 2);
            }

            ranks.Barrier();
            return (int[])[.. broadcast, .. received];
        });
        Assert.Equal([1, 11, 42], results[0]);
        Assert.Equal([1, 11, -1], results[1]);
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(2, 5)]
    [InlineData(2_000_000_000, 7)]
    public void Shares_follow_one_another_and_differ_by_one_at_most(int items, int ranks)
    {
        Shares shares = new(items, ranks);
        Assert.Equal(0, shares.First(0));
        Assert.Equal(items, shares.First(ranks));
        int[] counts = [.. Enumerable.Range(0, ranks).Select(shares.Count)];
        Assert.Equal(shares.Largest, counts.Max());
        Assert.InRange(counts.Max() - counts.Min(), 0, 1);
    }

    [Fact]
    public void Posted_work_is_done_in_order_before_what_follows()
    {
        int[][] seen = ThreadRanks.Run(2, ranks =>
        {
            List<int> order = [];
            for (int i = 0; i < 50; i++)
            {
                int number = i;
                ranks.Post(inner =>
                {
                    inner.Barrier();
                    order.Add(number);
                });
            }

            ranks.Barrier();
            return order.ToArray();
        });
        Assert.All(seen, order => Assert.Equal(Enumerable.Range(0, 50), order));
    }

    [Fact]
    public void What_posted_work_throws_reaches_who_waits()
    {
        using OrderedCollective alone = new(SingleProcess.Instance);
        alone.Post(_ => throw new InvalidOperationException("broken"));
        Assert.Equal("broken", Assert.Throws<InvalidOperationException>(alone.Wait).Message);
    }

    [Fact]
    public void Ranks_that_differ_are_told_apart()
    {
        string[] messages = ThreadRanks.Run(3, ranks =>
        {
            Agreement.Require(ranks, ("--seed", "1"));
            InputException error = Assert.Throws<InputException>(
                () => Agreement.Require(ranks, ("--seed", "1"), ("--batch", ranks.Rank == 2 ? "64" : "")));
            return error.Message;
        });
        Assert.All(messages, m => Assert.Equal(
            "rank 2 on host-2 does not agree with rank 0 on host-0: --batch is “64” there and not given here; give all ranks the same.", m));
    }

    private static T[] Changed<T>(T[] values, Action<T[]> change)
    {
        change(values);
        return values;
    }

    private static float[] Version(int rank, int count) => [.. Enumerable.Range(0, count).Select(i => Value(rank, i))];

    private static float Value(int rank, int i) => (float)Math.Sin((i * 0.37) + (rank * 1.3)) * (1 + (rank * 1000));
}
