namespace Hypersphere.Oracles.Losses;

/// <summary>The losses over pairs as their papers write them, term by term.</summary>
public static class PairFormulas
{
    public static double Contrastive(PairTable t, double positive, double negative) =>
        MeanNonZero(t.PositivePairs().Select(k => Hinge(t.Values[k.A][k.P] - positive)))
        + MeanNonZero(t.NegativePairs().Select(k => Hinge(negative - t.Values[k.A][k.N])));

    public static double MultiSimilarity(PairTable t, double alpha, double beta, double lambda) => Mean(Rows(t).Select(i =>
        (Math.Log(1 + t.Positives(i).Sum(p => Math.Exp(-alpha * (t.Values[i][p] - lambda)))) / alpha)
        + (Math.Log(1 + t.Negatives(i).Sum(n => Math.Exp(beta * (t.Values[i][n] - lambda)))) / beta)));

    public static double Triplet(PairTable t, double margin, bool swap, bool smooth) => MeanNonZero(
        from a in Rows(t)
        from p in t.Positives(a)
        from n in t.Negatives(a)
        let far = swap ? Math.Min(t.Values[a][n], t.Values[p][n]) : t.Values[a][n]
        let violation = t.Values[a][p] - far + margin
        select smooth ? Math.Log(1 + Math.Exp(violation)) : Math.Max(0, violation));

    /// <summary>Over the pairs of one anchor.</summary>
    public static double CircleOfAnchors(PairTable t, PairTable frozen, double m, double gamma) => MeanNonZero(Rows(t).Select(i => Circle(
        [.. t.Positives(i).Select(p => (t.Values[i][p], frozen.Values[i][p]))], [.. t.Negatives(i).Select(n => (t.Values[i][n], frozen.Values[i][n]))], m, gamma)));

    /// <summary>Over all pairs i &lt; j.</summary>
    public static double CircleOfBatch(PairTable t, PairTable frozen, double m, double gamma) => Circle(
        [.. t.PositivePairs().Where(k => k.A < k.P).Select(k => (t.Values[k.A][k.P], frozen.Values[k.A][k.P]))],
        [.. t.NegativePairs().Where(k => k.A < k.N).Select(k => (t.Values[k.A][k.N], frozen.Values[k.A][k.N]))], m, gamma);

    public static double NtXent(PairTable t, double temperature) => Mean(t.PositivePairs().Select(k =>
    {
        double own = t.Values[k.A][k.P] / temperature;
        return Log1p(t.Negatives(k.A).Sum(n => Math.Exp((t.Values[k.A][n] / temperature) - own)));
    }));

    public static double SupCon(PairTable t, double temperature) => !HasBoth(t) ? 0 : MeanNonZero(Rows(t).Select(i =>
    {
        int[] positives = t.Positives(i);
        double all = LogSum(positives.Concat(t.Negatives(i)).Select(j => t.Values[i][j] / temperature));
        return positives.Length == 0 ? 0 : positives.Average(p => all - (t.Values[i][p] / temperature));
    }));

    public static double LiftedStructure(PairTable t, double positive, double negative) => !HasBoth(t) ? 0 : Mean(t.PositivePairs().Select(k =>
    {
        double negatives = t.Negatives(k.A).Sum(n => Math.Exp(negative - t.Values[k.A][n]))
            + t.Negatives(k.P).Sum(n => Math.Exp(negative - t.Values[k.P][n]));
        double violation = (negatives == 0 ? 0 : Math.Log(negatives)) + t.Values[k.A][k.P] - positive;
        return Math.Pow(Math.Max(0, violation), 2) / 2;
    }));

    public static double GeneralizedLiftedStructure(PairTable t, double positive, double negative) => Mean(Rows(t).Select(i =>
    {
        (int[] p, int[] n) = (t.Positives(i), t.Negatives(i));
        return Math.Max(0, (p.Length == 0 ? 0 : Math.Log(p.Sum(j => Math.Exp(t.Values[i][j] - positive))))
            + (n.Length == 0 ? 0 : Math.Log(n.Sum(j => Math.Exp(negative - t.Values[i][j])))));
    }));

    public static double NPairs(PairTable t)
    {
        (int A, int P)[] pairs = [.. t.PositivePairs().GroupBy(k => t.Labels[k.A]).OrderBy(g => g.Key).Select(g => g.First())];
        return Mean(pairs.Select(k => Math.Log(pairs.Sum(other => Math.Exp(t.Values[k.A][other.P] - t.Values[k.A][k.P])))));
    }

    /// <param name="t">Cosines.</param>
    /// <param name="alpha">Radians.</param>
    /// <param name="unit">Whether negatives have length 1.</param>
    public static double Angular(PairTable t, double alpha, bool unit)
    {
        double tan = Math.Pow(Math.Tan(alpha), 2);
        return Mean(t.PositivePairs().Select(k => Math.Log(1 + t.Negatives(k.A).Sum(n => Math.Exp(
            (4 * tan * (unit ? 1 : t.Lengths[n]) * (t.Values[k.A][n] + t.Values[k.P][n])) - (2 * (1 + tan) * t.Values[k.A][k.P]))))));
    }

    /// <param name="t">Squared distances in [0, 4].</param>
    /// <param name="bins">Bins between bins + 1 edges.</param>
    public static double FastAp(PairTable t, int bins) => Mean(Rows(t).Where(i => t.Positives(i).Length > 0).Select(i =>
    {
        double[] positives = Pulses(t.Positives(i).Select(j => t.Values[i][j]), 4, bins);
        double[] all = Pulses(t.Positives(i).Concat(t.Negatives(i)).Select(j => t.Values[i][j]), 4, bins);
        double sum = 0;
        for (int k = 0; k <= bins; k++)
        {
            double below = all[..(k + 1)].Sum();
            sum += below > 0 ? positives[k] * positives[..(k + 1)].Sum() / below : 0;
        }

        return 1 - (sum / t.Positives(i).Length);
    }));

    public static double IntraPairVariance(PairTable t, double positive, double negative)
    {
        double[] p = [.. t.PositivePairs().Select(k => t.Values[k.A][k.P])], n = [.. t.NegativePairs().Select(k => t.Values[k.A][k.N])];
        return Mean(p.Select(s => Math.Pow(Math.Max(0, ((1 - positive) * p.Average()) - s), 2)))
            + Mean(n.Select(s => Math.Pow(Math.Max(0, s - ((1 + negative) * n.Average())), 2)));
    }

    /// <summary>Pairs i &lt; j of which one end has positives and negatives.</summary>
    public static double Histogram(PairTable t, int bins)
    {
        bool Takes(int i) => t.Positives(i).Length > 0 && t.Negatives(i).Length > 0;
        double[] p = [.. t.PositivePairs().Where(k => k.A < k.P && Takes(k.A)).Select(k => t.Values[k.A][k.P] + 1)];
        double[] n = [.. t.NegativePairs().Where(k => k.A < k.N && (Takes(k.A) || Takes(k.N))).Select(k => t.Values[k.A][k.N] + 1)];
        double loss = 0;
        for (int r = 0; r <= bins && p.Length > 0 && n.Length > 0; r++)
        {
            loss += Pulses(n, 2, bins)[r] / n.Length * (Pulses(p, 2, bins)[..(r + 1)].Sum() / p.Length);
        }

        return loss;
    }

    /// <param name="t">Squared distances.</param>
    /// <param name="scale">k.</param>
    public static double Nca(PairTable t, double scale) => Mean(Rows(t).Where(i => t.Positives(i).Length > 0).Select(i =>
        LogSum(t.Positives(i).Concat(t.Negatives(i)).Select(j => -scale * t.Values[i][j]))
        - LogSum(t.Positives(i).Select(j => -scale * t.Values[i][j]))));

    /// <summary>Similarities with the values that the weights are computed from.</summary>
    private static double Circle((double S, double Frozen)[] positives, (double S, double Frozen)[] negatives, double m, double gamma) =>
        positives.Length == 0 || negatives.Length == 0 ? 0 : Softplus(
            LogSum(positives.Select(p => -gamma * Math.Max(0, 1 + m - p.Frozen) * (p.S - 1 + m)))
            + LogSum(negatives.Select(n => gamma * Math.Max(0, n.Frozen + m) * (n.S - m))));

    /// <summary>How much of the values falls on every edge, by triangular pulses.</summary>
    private static double[] Pulses(IEnumerable<double> values, double range, int bins) =>
        [.. Enumerable.Range(0, bins + 1).Select(k => values.Sum(v => Math.Max(0, 1 - (Math.Abs(v - (k * range / bins)) * bins / range))))];

    private static IEnumerable<int> Rows(PairTable t) => Enumerable.Range(0, t.Rows);

    private static bool HasBoth(PairTable t) => t.PositivePairs().Length > 0 && t.NegativePairs().Length > 0;

    /// <summary>[x]₊ with the library's tolerance for distances that should be equal.</summary>
    private static double Hinge(double x) => x > 1e-6 ? x : 0;

    private static double Log1p(double x) => x < 1e-5 ? x - (x * x / 2) : Math.Log(1 + x);

    private static double Softplus(double x) => x > 0 ? x + Log1p(Math.Exp(-x)) : Log1p(Math.Exp(x));

    private static double LogSum(IEnumerable<double> terms)
    {
        double[] all = [.. terms];
        return all.Max() + Math.Log(all.Sum(x => Math.Exp(x - all.Max())));
    }

    private static double Mean(IEnumerable<double> terms) => terms.DefaultIfEmpty(0).Average();

    private static double MeanNonZero(IEnumerable<double> terms) => terms.Where(l => l > 0).DefaultIfEmpty(0).Average();
}
