using Hypersphere.Kernels.Threading;
using Hypersphere.Losses.Pairs;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Losses;

/// <summary>What miners choose by hand, and what every registered one promises.</summary>
[Collection(Alone.Name)]
public sealed class MinerTests
{
    private const string Plain = "distance=lp(normalize=false)";

    public static TheoryData<string> PairMiners =>
        [.. Registry<PairMiner>.All.Select(c => c.Attribute.Name), "batch-easy-hard(positives=hard, negatives=all)", "hdc(share=0.1)"];

    public static TheoryData<string> TripletMiners =>
    [
        .. Registry<TripletMiner>.All.Select(c => c.Attribute.Name), "triplet-margin(type=easy)", "triplet-margin(distance=cosine, type=semihard)",
        "batch-easy-hard(positives=all, negatives=all)", "distance-weighted(limit=0.5, distance=cosine)",
    ];

    /// <summary>On a line: class 0 at 0, 1, 4; class 1 at 2 and 7; a row at 3 that takes no part.</summary>
    [Theory]
    [InlineData("pair-margin(positive_margin=3, negative_margin=2, ", "0+2 2+0 3+4 4+3 1-3 3-1")]
    [InlineData("multi-similarity(epsilon=1, ", "0+2 0-3 1+0 1+2 1-3 2+0 2+1 2-3 2-4 3+4 3-0 3-1 3-2 4+3 4-2")]
    [InlineData("batch-easy-hard(positives=hard, negatives=hard, ", "0+2 0-3 1+2 1-3 2+0 2-3 3+4 3-1 4+3 4-2")]
    [InlineData("batch-easy-hard(positives=easy, negatives=easy, ", "0+1 0-4 1+0 1-4 2+1 2-4 3+4 3-0 4+3 4-0")]
    [InlineData("batch-easy-hard(positives=easy, negatives=semihard, ", "0+1 0-3 1+0 1-4 4+3 4-1")]
    [InlineData("batch-easy-hard(positives=semihard, negatives=hard, ", "0+1 0-3")]
    [InlineData("batch-easy-hard(positives=all, negatives=hard, ", "0+1 0+2 1+0 1+2 2+0 2+1 3+4 4+3 0-3 1-3 2-3 3-1 4-2")]
    [InlineData("batch-easy-hard(positives=hard, negatives=hard, positive_high=3, ", "0+1 0-3 1+2 1-3 2+1 2-3")]
    [InlineData("batch-easy-hard(positives=hard, negatives=hard, negative_low=2.5, ", "0+2 0-4 1+2 1-4 2+0 2-4 4+3 4-2")]
    [InlineData("hdc(share=0.25, ", "3+4 4+3 1-3 3-1 0-3")]
    public void Pairs_by_hand(string spec, string expected) => Assert.Equal(
        Sorted(expected.Split(' ')), Sorted(Registry<PairMiner>.Create(spec + Plain + ")").Mine(Line(0, 1, 4, 2, 7, 3), new[] { 0, 0, 0, 1, 1, -1 }).Select(Text)));

    [Theory]
    [InlineData("batch-hard(", "0:2,3 1:2,3 2:0,3 3:4,1 4:3,2")]
    [InlineData("batch-easy-hard(positives=easy, negatives=semihard, ", "0:1,3 1:0,4 4:3,1")]
    [InlineData("batch-easy-hard(positives=all, negatives=hard, ", "0:1,3 0:2,3 1:0,3 1:2,3 2:0,3 2:1,3 3:4,1 4:3,2")]
    [InlineData("triplet-margin(margin=1, type=hard, ", "0:2,3 1:0,3 1:2,3 2:0,3 2:0,4 2:1,3 2:1,4 3:4,0 3:4,1 3:4,2 4:3,2")]
    [InlineData("triplet-margin(margin=1, type=semihard, ", "0:1,3 4:3,1")]
    [InlineData("triplet-margin(margin=1, type=easy, ", "0:1,4 0:2,4 1:0,4 1:2,4 4:3,0")]
    [InlineData("triplet-margin(margin=1, ", "0:2,3 1:0,3 1:2,3 2:0,3 2:0,4 2:1,3 2:1,4 3:4,0 3:4,1 3:4,2 4:3,2 0:1,3 4:3,1")]
    [InlineData("angular(angle=0.8, ", "0:2,3 1:2,3 2:0,3 2:1,3 3:4,2 4:3,2")]
    public void Triplets_by_hand(string spec, string expected) => Assert.Equal(
        Sorted(expected.Split(' ')), Sorted(Registry<TripletMiner>.Create(spec + Plain + ")").Mine(Line(0, 1, 4, 2, 7, 3), new[] { 0, 0, 0, 1, 1, -1 }).Select(Text)));

    [Fact]
    public void Of_equal_pairs_the_first_is_taken()
    {
        Tensor all = Line(0, 1, 1, 2, 2);
        Assert.Equal([new(0, 1, 3), new(1, 0, 3), new(2, 0, 3), new(3, 4, 1), new(4, 3, 1)], new BatchHardMiner { Distance = new LpDistance(normalize: false) }
            .Mine(all, new[] { 0, 0, 0, 1, 1 }));
    }

    /// <summary>In three dimensions q(d) ∝ d, so that a negative is drawn with weight 1/d.</summary>
    [Fact]
    public void Distance_weighted_draws_by_the_density_of_distances()
    {
        double[] distances = [0.2, 0.6, 1.2, 1.5];
        Tensor x = Tensor.From(
            [1, 0, 0, 1, 0, 0, .. distances.SelectMany(d => new[] { (float)(1 - (d * d / 2)), (float)Math.Sqrt(1 - Math.Pow(1 - (d * d / 2), 2)), 0 })], new Shape(6, 3));
        int[] labels = [0, 0, 1, 2, 3, 4], counts = new int[6];
        DistanceWeightedMiner miner = new(cutoff: 0.5f, limit: 1.4f);
        for (int step = 0; step < 5000; step++)
        {
            foreach (Triplet t in miner.Mine(x, labels, new Rng(1).Fork("step", step)))
            {
                counts[t.Negative]++;
            }
        }

        double[] weights = [0, 0, 1 / 0.5, 1 / 0.6, 1 / 1.2, 0];
        Assert.Equal(10000, counts.Sum());
        Assert.All(counts.Zip(weights), c => Assert.Equal(c.Second / weights.Sum(), c.First / 10000.0, 0.02));
    }

    [Fact]
    public void Uniform_histogram_takes_as_many_from_every_bin()
    {
        Tensor x = Tensor.From(LossRun.Gaussian(40 * 6, "histogram"), new Shape(40, 6));
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 5)];
        Distance distance = new LpDistance();
        float[] values = distance.Matrix(x, x).ToArray();
        IReadOnlyList<LabelledPair> chosen = new UniformHistogramMiner(bins: 8, positives: 7, negatives: 9).Mine(x, labels, new Rng(3));
        foreach (bool positive in new[] { true, false })
        {
            (int I, int J)[] pairs = [.. from i in Enumerable.Range(0, 40) from j in Enumerable.Range(0, 40) where i != j && labels[i] == labels[j] == positive select (i, j)];
            double low = pairs.Min(p => values[(p.I * 40) + p.J]), high = pairs.Max(p => values[(p.I * 40) + p.J]);
            int Bin(int i, int j) => Math.Min((int)((values[(i * 40) + j] - low) / (high - low) * 8), 7);
            ILookup<int, LabelledPair> taken = chosen.Where(c => c.IsPositive == positive).ToLookup(c => Bin(c.Anchor, c.Other));
            Assert.All(Enumerable.Range(0, 8), b => Assert.Equal(Math.Min(positive ? 7 : 9, pairs.Count(p => Bin(p.I, p.J) == b)), taken[b].Count()));
        }
    }

    [Theory]
    [MemberData(nameof(PairMiners))]
    public void Pairs_are_valid(string spec)
    {
        foreach (int[] labels in Batches)
        {
            Assert.All(Mine(spec, labels, 1), p =>
            {
                Assert.True(p.Anchor != p.Other && labels[p.Anchor] >= 0 && labels[p.Other] >= 0, $"{p} of a row that takes no part");
                Assert.Equal(p.IsPositive, labels[p.Anchor] == labels[p.Other]);
            });
        }

        Assert.NotEmpty(Mine(spec, Batches[0], 1));
    }

    [Theory]
    [MemberData(nameof(TripletMiners))]
    public void Triplets_are_valid_and_none_without_positives_or_negatives(string spec)
    {
        foreach (int[] labels in Batches)
        {
            IReadOnlyList<Triplet> triplets = Triplets(spec, labels, 1);
            Assert.All(triplets, t =>
            {
                Assert.True(t.Anchor != t.Positive && labels[t.Anchor] >= 0 && labels[t.Negative] >= 0, $"{t} of a row that takes no part");
                Assert.Equal(labels[t.Anchor], labels[t.Positive]);
                Assert.NotEqual(labels[t.Anchor], labels[t.Negative]);
            });
            Assert.Equal(labels == Batches[0], triplets.Count > 0);
        }
    }

    [Theory]
    [MemberData(nameof(PairMiners))]
    public void Pairs_depend_on_the_seed_alone(string spec)
    {
        LabelledPair[][] runs = [.. WithThreads(() => (LabelledPair[])[.. Mine(spec, Batches[0], 1)])];
        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(spec != "uniform-histogram", runs[0].SequenceEqual(Mine(spec, Batches[0], 2)));
    }

    [Theory]
    [MemberData(nameof(TripletMiners))]
    public void Triplets_depend_on_the_seed_alone(string spec)
    {
        Triplet[][] runs = [.. WithThreads(() => (Triplet[])[.. Triplets(spec, Batches[0], 1)])];
        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(!spec.StartsWith("distance-weighted", StringComparison.Ordinal), runs[0].SequenceEqual(Triplets(spec, Batches[0], 2)));
    }

    [Fact]
    public void Strategies_that_wait_for_each_other_are_refused()
    {
        Assert.Throws<InputException>(() => Registry<PairMiner>.Create("batch-easy-hard(positives=semihard, negatives=semihard)"));
        Assert.Throws<InputException>(() => Registry<TripletMiner>.Create("batch-easy-hard(positives=all, negatives=semihard)"));
        Assert.Contains(
            "radians", Assert.Throws<InputException>(() => Registry<TripletMiner>.Create("angular(angle=20)")).Message, StringComparison.Ordinal);
    }

    /// <summary>Classes of several rows, two of them left out; no positives; no negatives; nobody; one row.</summary>
    private static IReadOnlyList<int[]> Batches { get; } =
        [[.. Enumerable.Range(0, 60).Select(i => i is 7 or 30 ? -1 : i * i % 7)], [0, 1, 2, 3], [2, 2, 2, -1], [-1, -1], [1]];

    private static IReadOnlyList<LabelledPair> Mine(string spec, int[] labels, ulong seed) =>
        Registry<PairMiner>.Create(spec).Mine(Random(labels.Length), labels, new Rng(seed));

    private static IReadOnlyList<Triplet> Triplets(string spec, int[] labels, ulong seed) =>
        Registry<TripletMiner>.Create(spec).Mine(Random(labels.Length), labels, new Rng(seed));

    private static IEnumerable<T> WithThreads<T>(Func<T> run)
    {
        int threads = WorkerPool.Shared.Threads;
        foreach (int count in new[] { 1, 3 })
        {
            WorkerPool.Configure(count);
            yield return run();
        }

        WorkerPool.Configure(threads);
    }

    private static Tensor Random(int rows) => Tensor.From(LossRun.Gaussian(rows * 5, "miners"), new Shape(rows, 5));

    private static Tensor Line(params float[] places) => Tensor.From(places, new Shape(places.Length, 1));

    private static string Text(LabelledPair p) => $"{p.Anchor}{(p.IsPositive ? '+' : '-')}{p.Other}";

    private static string Text(Triplet t) => $"{t.Anchor}:{t.Positive},{t.Negative}";

    private static string[] Sorted(IEnumerable<string> tuples) => [.. tuples.Order(StringComparer.Ordinal)];
}
