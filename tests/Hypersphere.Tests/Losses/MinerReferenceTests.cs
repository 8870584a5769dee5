using Hypersphere.Losses.Pairs;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Losses;

/// <summary>Miners on random batches against their definitions, tried on every pair and triplet.</summary>
public sealed class MinerReferenceTests
{
    private const int Size = 4;

    [Theory]
    [InlineData("multi-similarity(epsilon=0.2, distance=lp)")]
    [InlineData("pair-margin(positive_margin=1, negative_margin=1.1)")]
    [InlineData("batch-easy-hard(positives=hard, negatives=hard)")]
    [InlineData("batch-easy-hard(positives=easy, negatives=semihard)")]
    [InlineData("batch-easy-hard(positives=semihard, negatives=easy)")]
    [InlineData("hdc(share=0.3)")]
    public void Pairs_are_those_of_the_definition(string spec)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            (int[] labels, double[,] d, Tensor x) = Batch(seed);
            PairMiner miner = Registry<PairMiner>.Create(spec);
            IEnumerable<LabelledPair> expected = from a in Rows(labels)
                                                 from b in Rows(labels)
                                                 where a != b && IsChosen(miner, labels, d, a, b)
                                                 select new LabelledPair(a, b, labels[a] == labels[b]);
            Assert.Equal(expected, miner.Mine(x, labels));
        }
    }

    [Theory]
    [InlineData("batch-hard")]
    [InlineData("triplet-margin(margin=0.3, type=semihard)")]
    [InlineData("triplet-margin(margin=0.3, type=hard)")]
    [InlineData("triplet-margin(margin=0.3)")]
    [InlineData("angular(angle=0.6)")]
    public void Triplets_are_those_of_the_definition(string spec)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            (int[] labels, double[,] d, Tensor x) = Batch(seed);
            TripletMiner miner = Registry<TripletMiner>.Create(spec);
            IEnumerable<Triplet> expected = from a in Rows(labels)
                                            from p in Same(labels, a)
                                            from n in Others(labels, a)
                                            where IsChosen(miner, labels, d, a, p, n, x)
                                            select new Triplet(a, p, n);
            Assert.Equal(expected, miner.Mine(x, labels));
        }
    }

    private static bool IsChosen(PairMiner miner, int[] labels, double[,] d, int a, int b)
    {
        bool positive = labels[a] == labels[b];
        IEnumerable<int> same = Same(labels, a), others = Others(labels, a);
        switch (miner)
        {
            case MultiSimilarityMiner m:
                return positive ? others.Any(n => d[a, b] + m.Epsilon > d[a, n]) : same.Any(p => d[a, b] - m.Epsilon < d[a, p]);
            case PairMarginMiner m:
                return positive ? d[a, b] > m.PositiveMargin : d[a, b] < m.NegativeMargin;
            case HdcMiner m:
                (int I, int J)[] kind = [.. from i in Rows(labels) from j in Rows(labels) where i != j && labels[i] == labels[j] == positive select (i, j)];
                return kind.Count(k => positive ? d[k.I, k.J] > d[a, b] : d[k.I, k.J] < d[a, b])
                    + kind.Count(k => d[k.I, k.J] == d[a, b] && k.CompareTo((a, b)) < 0) < Math.Ceiling(Math.Round(m.Share, 3) * kind.Length);
            case BatchEasyHardMiner m:
                return same.Any(p => others.Any(n => (positive ? p == b : n == b) && IsEasyHard(m, same, others, d, a, p, n)));
            default:
                throw new InvalidOperationException("no definition");
        }
    }

    private static bool IsEasyHard(BatchEasyHardMiner m, IEnumerable<int> same, IEnumerable<int> others, double[,] d, int a, int p, int n)
    {
        bool Positive(int q) => m.Positives switch
        {
            MiningStrategy.Hard => d[a, p] >= d[a, q],
            MiningStrategy.Easy => d[a, p] <= d[a, q],
            _ => d[a, p] < d[a, n] && (d[a, q] >= d[a, n] || d[a, p] >= d[a, q]),
        };
        bool Negative(int q) => m.Negatives switch
        {
            MiningStrategy.Hard => d[a, n] <= d[a, q],
            MiningStrategy.Easy => d[a, n] >= d[a, q],
            _ => d[a, n] > d[a, p] && (d[a, q] <= d[a, p] || d[a, n] <= d[a, q]),
        };
        return same.All(Positive) && others.All(Negative);
    }

    private static bool IsChosen(TripletMiner miner, int[] labels, double[,] d, int a, int p, int n, Tensor x)
    {
        double gap = d[a, n] - d[a, p];
        return miner switch
        {
            BatchHardMiner => Same(labels, a).All(q => d[a, p] >= d[a, q]) && Others(labels, a).All(q => d[a, n] <= d[a, q]),
            TripletMarginMiner { Type: MiningStrategy.Hard } => gap <= 0,
            TripletMarginMiner { Type: MiningStrategy.Semihard } m => gap > 0 && gap <= m.Margin,
            TripletMarginMiner m => gap <= m.Margin,
            AngularMiner m => Math.Atan(d[a, p] / 2 / ToCentre(x, a, p, n)) > m.Angle,
            _ => throw new InvalidOperationException("no definition"),
        };
    }

    private static double ToCentre(Tensor x, int a, int p, int n) => Math.Sqrt(Enumerable.Range(0, Size).Sum(k =>
        Math.Pow(x.Span[(n * Size) + k] - (((double)x.Span[(a * Size) + k] + x.Span[(p * Size) + k]) / 2), 2)));

    private static IEnumerable<int> Rows(int[] labels) => Enumerable.Range(0, labels.Length).Where(i => labels[i] >= 0);

    private static IEnumerable<int> Same(int[] labels, int a) => Rows(labels).Where(i => i != a && labels[i] == labels[a]);

    private static IEnumerable<int> Others(int[] labels, int a) => Rows(labels).Where(i => labels[i] != labels[a]);

    /// <summary>Rows of length 1, so that miners that normalise see them as they are.</summary>
    private static (int[] Labels, double[,] Distances, Tensor X) Batch(ulong seed)
    {
        Rng random = new Rng(seed).Fork("batch");
        int rows = 3 + random.NextInt(14), classes = 1 + random.NextInt(5);
        int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.NextInt(classes + 1) - 1)];
        double[][] x = [.. Enumerable.Range(0, rows).Select(_ => (double[])[.. Enumerable.Range(0, Size).Select(_ => random.NextGaussian())])];
        x = [.. x.Select(r => Array.ConvertAll(r, v => v / Math.Sqrt(r.Sum(u => u * u))))];
        double[,] distances = new double[rows, rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                distances[i, j] = Math.Sqrt(x[i].Zip(x[j], (u, v) => (u - v) * (u - v)).Sum());
            }
        }

        return (labels, distances, Tensor.From([.. x.SelectMany(r => r.Select(v => (float)v))], new Shape(rows, Size)));
    }
}
