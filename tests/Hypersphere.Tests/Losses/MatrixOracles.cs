using Hypersphere.Losses.Classification;
using Hypersphere.Oracles.Losses;

namespace Hypersphere.Tests.Losses;

/// <summary>The certificates of losses that hold a matrix of cosines or products.</summary>
internal static class MatrixOracles
{
    public static IReadOnlyDictionary<string, Certificate> All { get; } = new Dictionary<string, Certificate>(StringComparer.Ordinal)
    {
        ["arcnegface"] = Certificate.Of<ArcNegFace>((l, labels) => new CosineOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            OfCosines = (y, c, still) => [.. c.Select((v, j) => l.Scale * (j == y ? ProxyOracles.Arc(v, l.Margin)
                : Nearness(l, still[j], ProxyOracles.Arc(still[y], l.Margin)) is var t ? (t * v) + t - 1 : 0))],
        })
            with
        { Variants = ["arcnegface(scale=16)"] },
        ["center"] = Certificate.Of<Center>((l, labels) => new CenterOracle { Labels = labels, Dimensions = l.Context.Embedding }),
        ["l2-softmax"] = Certificate.Of<L2Softmax>((l, labels) => new LinearOracle { Labels = labels, Dimensions = l.Context.Embedding, Length = l.Alpha })
            with
        { Variants = ["l2-softmax(learned=true)"], Large = "l2-softmax(alpha=256)" },
        ["large-margin-softmax"] = Certificate.Of<LargeMarginSoftmax>((l, labels) => new LengthOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            Scale = l.Scale,
            Psi = c => ProxyOracles.Combined(c, l.Margin, 0),
        })
            with
        { Variants = ["large-margin-softmax(margin=2.5)"] },
        ["npcface"] = Certificate.Of<NpcFace>((l, labels) => new CosineOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            OfCosines = (y, c, still) => NpcLogits(l, y, c, still),
        })
            with
        { Variants = ["npcface(scale=16)"] },
        ["p2sgrad"] = Certificate.Of<P2SGrad>((l, labels) => new CosineTermOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            OfRow = (y, c, _) => c.Select((v, j) => Math.Pow(v - (j == y ? 1 : 0), 2)).Average(),
        }),
        ["proxy-anchor"] = Certificate.Of<ProxyAnchor>((l, labels) => new ProxyAnchorOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            Margin = l.Margin,
            Alpha = l.Alpha,
        })
            with
        { Large = "proxy-anchor(alpha=256)" },
        ["soft-triple"] = Certificate.Of<SoftTriple>((l, labels) => new CosineOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            OfCosines = (y, c, _) => [.. c.Chunk(l.Centers).Select((own, j) => l.Lambda * (Soft(own, l.Gamma) - (j == y ? l.Margin : 0)))],
            OfPrototypes = w => l.Tau == 0 ? 0 : l.Tau * Apart(w, l.Centers, l.Context.Embedding),
        })
            with
        { Variants = ["soft-triple(centers=3, tau=0.2, gamma=0.5)"], Large = "soft-triple(lambda=256)" },
        ["subcenter-arcface"] = Certificate.Of<SubCenterArcFace>((l, labels) => new CosineOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            Smoothing = l.Smoothing,
            Focal = l.Focal,
            OfCosines = (y, c, _) => [.. c.Chunk(l.Centers).Select((own, j) => l.Scale * (j == y ? ProxyOracles.Arc(own.Max(), l.Margin) : own.Max()))],
        })
            with
        { Variants = ["subcenter-arcface(scale=16, centers=2, focal=1, smoothing=0.2)"] },
        ["uniface"] = Certificate.Of<UniFace>((l, labels) => new CosineTermOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            OfRow = (y, c, inputs) => UniFaceRow(l, y, c, inputs[2]),
        })
            with
        { Variants = ["uniface(mode=bce, scale=16, negative_weight=0.5)", "uniface(clamp=true, scale=3)"] },
    };

    /// <summary>Proxy-NCA without the own proxy in the denominator.</summary>
    public static LossOracle ExcludedOwn(ProxyNca l, int[] labels) => new CosineTermOracle
    {
        Labels = labels,
        Dimensions = l.Context.Embedding,
        OfRow = (y, c, _) => Math.Log(c.Where((_, j) => j != y).Sum(v => Math.Exp(-l.SoftmaxScale * (2 - (2 * v)))))
            + (l.SoftmaxScale * (2 - (2 * c[y]))),
    };

    /// <summary>Mean distance between the centres of a class: Σ over pairs / (C·K·(K − 1)), bent near 0.</summary>
    public static double Apart(double[] w, int centers, int size)
    {
        double sum = 0;
        double[][] rows = [.. w.Chunk(size).Select(r => r.Select(v => v / Math.Sqrt(r.Sum(u => u * u))).ToArray())];
        for (int a = 0; a < rows.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                sum += a / centers == b / centers ? Math.Sqrt(2 + 1e-5 - (2 * rows[a].Zip(rows[b], (p, q) => p * q).Sum())) : 0;
            }
        }

        return sum / (rows.Length * (centers - 1));
    }

    private static double Nearness(ArcNegFace l, double cosine, double own) => l.Alpha * Math.Exp(-Math.Pow(cosine - own, 2) / l.Sigma);

    private static double[] NpcLogits(NpcFace l, int y, double[] c, double[] still)
    {
        double threshold = Math.Cos(Math.Acos(still[y]) + l.Margin);
        double[] hard = [.. still.Where((v, j) => j != y && v > threshold)];
        double margin = l.M0 + (l.M1 * hard.DefaultIfEmpty(0).Average());
        return [.. c.Select((v, j) => l.Scale * (j == y ? ProxyOracles.EasyArc(v, margin) : still[j] > threshold ? (l.T * v) + l.A : v))];
    }

    private static double Soft(double[] cosines, double gamma)
    {
        double[] e = [.. cosines.Select(v => Math.Exp(v / gamma))];
        return e.Zip(cosines, (p, q) => p * q).Sum() / e.Sum();
    }

    private static double UniFaceRow(UniFace l, int y, double[] c, double[] bias)
    {
        double sum = 0;
        for (int j = 0; j < c.Length; j++)
        {
            double exponent = (l.Scale * (c[j] - (j == y ? l.Margin : 0))) - bias[j % bias.Length];
            exponent = l.Clamp ? Math.Clamp(exponent, -l.Scale, l.Scale) : exponent;
            sum += j == y ? Math.Log(1 + Math.Exp(-exponent)) : l.NegativeWeight * Math.Log(1 + Math.Exp(exponent));
        }

        return sum;
    }
}
