using Hypersphere.Losses;
using Hypersphere.Losses.Pairs;
using Hypersphere.Oracles.Losses;
using View = Hypersphere.Oracles.Losses.BatchOracle.View;

namespace Hypersphere.Tests.Losses;

/// <summary>The certificates of losses over whole batches, rankings, histograms and memories.</summary>
internal static class BatchOracles
{
    public static IReadOnlyDictionary<string, Certificate> All { get; } = new Dictionary<string, Certificate>(StringComparer.Ordinal)
    {
        ["cross-batch-memory"] = Of<CrossBatchMemory>((l, b) => l.Loss is MultiSimilarity m ? Remembered(m, b) : Remembered(b)) with
        {
            Variants = ["cross-batch-memory(loss=multi-similarity(beta=20), memory=64)"],
        },
        ["dynamic-soft-margin"] = Of<DynamicSoftMargin>(SoftMargin) with { Variants = ["dynamic-soft-margin(bins=40)"] },
        ["instance"] = Of<Instance>((l, b) => b.Mean(i => Softplus(b.Known.Where(j => j != i).Select(j => l.Scale * (b.Cosine(i, j) - b.Cosine(i, i)))))),
        ["manifold"] = Of<Manifold>((l, b) => ManifoldOracle.Value(l, b)) with
        {
            Variants = ["manifold(proxies=3, context_weight=0.5, alpha=0.5, margin=0.1)"],
            Except = new Dictionary<HardCase, string> { [HardCase.ZeroRow] = "every cosine of a zero row is 0, the corner of [cos]₊" },
        },
        ["margin"] = Of<MarginLoss>(Margin) with
        {
            Variants = ["margin(per_class=true, nu=0.1)", "margin(learn=false, beta=1, nu=0.2)", "margin(nu=0.3, reduction=mean)"],
        },
        ["pnp"] = Of<Pnp>((l, b) => b.Mean(i => b.Positives(i).Any() ? View.Mean(Ranked(l, b, i).Select(p => Before(l, b, i, p))) : double.NaN)) with
        {
            Variants =
            [
                "pnp(variant=iu, temperature=0.1)", "pnp(variant=ib, b=3, temperature=0.1)", "pnp(variant=ds, temperature=0.1)",
                "pnp(variant=dq, alpha=4, temperature=0.1, count_self=true)",
            ],
        },
        ["ranked-list"] = Of<RankedList>(RankedList) with
        {
            Variants = ["ranked-list(margin=0.2, positive_temperature=3, negative_temperature=2, imbalance=0.7, alpha=1.4, epsilon=0.00001)"],
        },
        ["tcm"] = Of<ThresholdConsistentMargin>((l, b) =>
            (l.PositiveWeight * NonZeroMean(b.Known.SelectMany(i => b.Positives(i).Select(p => l.PositiveMargin - b.Cosine(i, p)))))
            + (l.NegativeWeight * NonZeroMean(b.Known.SelectMany(i => b.Negatives(i).Select(n => b.Cosine(i, n) - l.NegativeMargin))))) with
        {
            Variants = ["tcm(positive_margin=0.5, negative_margin=-0.2, positive_weight=2, negative_weight=0.5)"],
        },
        ["vicreg"] = Of<VicReg>(VicReg) with { Variants = ["vicreg(invariance=1, variance=5, covariance=20)"] },
        ["tuplet-margin"] = Of<TupletMargin>((l, b) => View.Mean(b.Known.SelectMany(i => b.Positives(i).Select(p => Softplus(b.Negatives(i).Select(
            n => l.Scale * (b.Cosine(i, n) - Math.Cos(Math.Acos(b.Cosine(i, p)) - l.Margin)))))))) with
        {
            Variants = ["tuplet-margin(margin=0.5, scale=8)"],
        },
    };

    private static Certificate Of<T>(Func<T, View, double> formula)
        where T : Loss => Certificate.Of<T>((loss, labels) => new BatchOracle
        {
            Labels = labels, Dimensions = CertificateCase.Size, Formula = b => formula(loss, b),
        });

    /// <summary>log(1 + Σ e^x).</summary>
    private static double Softplus(IEnumerable<double> exponents)
    {
        double most = exponents.Append(0).Max(), sum = exponents.Sum(x => Math.Exp(x - most)), one = Math.Exp(-most);
        return most > 0 ? most + Math.Log(sum + one) : sum < 1e-8 ? sum : Math.Log(1 + sum);
    }

    /// <summary>With the library's tolerance for distances that should be equal.</summary>
    private static double NonZeroMean(IEnumerable<double> values) => View.Mean(values.Where(v => v > 1e-6));

    private static IEnumerable<int> Ranked(Pnp l, View b, int i) => l.CountSelf ? b.Positives(i).Append(i) : b.Positives(i);

    private static double Before(Pnp l, View b, int i, int p)
    {
        double r = b.Negatives(i).Sum(n => 1 / (1 + Math.Exp((b.Cosine(i, p) - b.Cosine(i, n)) / l.Temperature)));
        return l.Variant switch
        {
            PnpVariant.Iu => (1 + r) * Math.Log(1 + r),
            PnpVariant.Ib => ((l.B * r) - Math.Log(1 + (l.B * r))) / (l.B * l.B),
            PnpVariant.Ds => Math.Log(1 + r),
            PnpVariant.Dq => 1 - (1 / Math.Pow(1 + r, l.Alpha)),
            _ => r,
        };
    }

    private static double RankedList(RankedList l, View b)
    {
        double outer = l.Alpha == 0 ? 1 + (l.Margin / 2) : l.Alpha;
        return b.Mean(i => ((1 - l.Imbalance) * Weighted(b.Positives(i).Select(p => b.Distance(i, p) - (outer - l.Margin)), l.PositiveTemperature))
            + (l.Imbalance * Weighted(b.Negatives(i).Select(n => outer - b.Distance(i, n)), l.NegativeTemperature)));

        double Weighted(IEnumerable<double> violations, double temperature)
        {
            double[] g = [.. violations.Where(v => v > 0)];
            return g.Length == 0 ? 0 : g.Sum(v => Math.Exp(temperature * v) * v) / (g.Sum(v => Math.Exp(temperature * v)) + (l.Epsilon * b.Known.Count()));
        }
    }

    private static IEnumerable<(int A, int P, int N)> Triplets(View b) =>
        from a in b.Known from p in b.Positives(a) from n in b.Negatives(a) select (a, p, n);

    private static double Margin(MarginLoss l, View b)
    {
        (int A, int P, int N)[] triplets = [.. Triplets(b)];
        double Beta(int a) => l.Learn ? b.Parameter(0)[l.PerClass ? b.Labels[a] : 0] : l.Beta;
        double[] terms =
        [
            .. triplets.Select(t => Math.Max(b.Distance(t.A, t.P) - Beta(t.A) + l.Margin, 0)),
            .. triplets.Select(t => Math.Max(Beta(t.A) - b.Distance(t.A, t.N) + l.Margin, 0)),
        ];
        double divisor = l.Reduction is MeanReduction ? terms.Length : terms.Count(t => t > 0);
        double strength = triplets.Length == 0 ? 0 : !l.PerClass ? l.Nu * Beta(0) : divisor == 0 ? 0 : triplets.Sum(t => l.Nu * Beta(t.A)) / divisor;
        return (divisor == 0 ? 0 : terms.Sum() / divisor) + strength;
    }

    /// <summary>With an empty histogram before.</summary>
    private static double SoftMargin(DynamicSoftMargin l, View b)
    {
        double[] x = [.. Triplets(b).Select(t => b.Distance(t.A, t.P) - b.Distance(t.A, t.N))], histogram = new double[l.Bins + 1];
        double width = -2.0 * l.Minimum / l.Bins;
        foreach (double value in x)
        {
            double place = Math.Min((value - l.Minimum) / width, l.Bins - 1);
            histogram[(int)place] += (1 - (place - Math.Floor(place))) / x.Length;
            histogram[(int)place + 1] += (place - Math.Floor(place)) / x.Length;
        }

        return View.Mean(x.Select(value => value * histogram.Take((int)Math.Min((value - l.Minimum) / width, l.Bins - 1) + 1).Sum()));
    }

    /// <summary>Contrastive, against the batch as it was remembered.</summary>
    private static double Remembered(View b) =>
        NonZeroMean(b.Known.SelectMany(i => b.Positives(i).Select(p => b.DistanceToFrozen(i, p))))
        + NonZeroMean(b.Known.SelectMany(i => b.Negatives(i).Select(n => 1 - b.DistanceToFrozen(i, n))));

    private static double Remembered(MultiSimilarity l, View b) => b.Mean(i =>
        (Softplus(b.Positives(i).Select(p => -l.Alpha * (b.CosineToFrozen(i, p) - l.Base))) / l.Alpha)
        + (Softplus(b.Negatives(i).Select(n => l.Beta * (b.CosineToFrozen(i, n) - l.Base))) / l.Beta));

    /// <summary>First and second, third and fourth … row of a class are views of each other.</summary>
    private static double VicReg(VicReg l, View b)
    {
        (int First, int Second)[] pairs = [.. b.Known.GroupBy(i => b.Labels[i]).SelectMany(g => g.Chunk(2)).Where(c => c.Length == 2).Select(c => (c[0], c[1]))];
        int size = CertificateCase.Size;
        double invariance = View.Mean(pairs.SelectMany(p => b.Row(p.First).Zip(b.Row(p.Second), (u, v) => (u - v) * (u - v))));
        return (l.Invariance * invariance) + Spread([.. pairs.Select(p => b.Row(p.First))]) + Spread([.. pairs.Select(p => b.Row(p.Second))]);

        double Spread(double[][] z)
        {
            if (z.Length < 2)
            {
                return 0;
            }

            double[] mean = [.. Enumerable.Range(0, size).Select(d => z.Average(row => row[d]))];
            double sum = 0;
            for (int d = 0; d < size; d++)
            {
                for (int e = 0; e < size; e++)
                {
                    double joint = z.Sum(row => (row[d] - mean[d]) * (row[e] - mean[e])) / (z.Length - 1);
                    sum += d == e ? l.Variance * Math.Max(1 - Math.Sqrt(joint + l.Epsilon), 0) / 2 / size : l.Covariance * joint * joint / size;
                }
            }

            return sum;
        }
    }
}
