using Hypersphere.Losses;
using Hypersphere.Losses.Classification;
using Hypersphere.Oracles.Losses;

namespace Hypersphere.Tests.Losses;

/// <summary>The certificates of losses with prototypes.</summary>
internal static class ProxyOracles
{

    public static IReadOnlyDictionary<string, Certificate> All { get; } = new Dictionary<string, Certificate>(MatrixOracles.All, StringComparer.Ordinal)
    {
        ["adacos"] = Certificate.Of<AdaCos>((l, labels) => new AdaCosOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            Before = l.CurrentScale,
            Dynamic = l.Dynamic,
        })
            with
        { Large = "adacos(dynamic=false)" },
        ["adaface"] = Certificate.Of<AdaFace>((l, labels) => new AdaFaceOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            Scale = l.Scale,
            Margin = l.Margin,
            H = l.H,
            Momentum = l.Momentum,
            Epsilon = l.Epsilon,
            MeanBefore = l.NormMean,
            DeviationBefore = l.NormDeviation,
        })
            with
        { Variants = ["adaface(momentum=1, scale=16)"] },
        ["circle-class"] = Certificate.Of<CircleClass>((l, labels) => new MarginOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            Scale = l.Scale,
            Target = r => Math.Max(1 + l.Margin - r.FrozenCosine, 0) * (r.Cosine - (1 - l.Margin)),
            Negative = (_, c, still) => Math.Max(still + l.Margin, 0) * (c - l.Margin),
        })
            with
        { Variants = ["circle-class(scale=16)"] },
        ["curricularface"] = Certificate.Of<CurricularFace>((l, labels) => new CurricularOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            Scale = l.Scale,
            Margin = l.Margin,
            Before = l.T,
            Momentum = l.Momentum,
        })
            with
        { Variants = ["curricularface(scale=16, momentum=1)"] },
        ["elastic-arcface"] = Certificate.Of<ElasticArcFace>((l, labels) => Elastic(l, labels, (r, m) => Math.Cos(Math.Acos(r.Cosine) + m)))
            with
        { Variants = ["elastic-arcface(scale=16, std=0.2)"] },
        ["elastic-cosface"] = Certificate.Of<ElasticCosFace>((l, labels) => Elastic(l, labels, (r, m) => r.Cosine - m)),
        ["magface"] = Certificate.Of<MagFace>((l, labels) => new MarginOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            Scale = l.Scale,
            Target = r => MagMargin(l, r.Norm) is var m && l.EasyMargin ? EasyArc(r.Cosine, m) : Arc(r.Cosine, m),
            OfNorms = norms => l.LambdaG * norms.Select(n => Math.Clamp(n, l.LowerNorm, l.UpperNorm)).Average(a => (a / l.UpperNorm / l.UpperNorm) + (1 / a)),
        })
            with
        { Variants = ["magface(lower_norm=1, upper_norm=5, scale=16)", "magface(lower_norm=1, upper_norm=5, easy_margin=false)"] },
        ["mv-softmax"] = Certificate.Of<MvSoftmax>((l, labels) => new MarginOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            Scale = l.Scale,
            Target = r => l.Kind == MvMargin.Arc ? EasyArc(r.Cosine, l.Margin) : r.Cosine > l.Margin ? r.Cosine - l.Margin : r.Cosine,
            Negative = (r, c, _) => c > (l.Kind == MvMargin.Arc ? Math.Cos(Math.Acos(r.Cosine) + l.Margin) : r.Cosine - l.Margin)
                ? (l.Weight * c) + l.Weight - 1 : c,
        })
            with
        { Variants = ["mv-softmax(kind=arc, margin=0.5, scale=64)"] },
        ["sphereface"] = Certificate.Of<SphereFace>((l, labels) => new MarginOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            Scale = l.Scale,
            ScaleByNorm = true,
            Target = r => l.Annealing && l.LambdaStart / (1 + l.LambdaDecay) is var lambda
                ? ((lambda * r.Cosine) + Combined(r.Cosine, l.Margin, 0)) / (1 + lambda)
                : Combined(r.Cosine, l.Margin, 0),
        })
            with
        { Variants = ["sphereface(annealing=false)", "sphereface(lambda_start=3, lambda_min=0, margin=2.5)"] },
        ["arcface"] = Certificate.Of<ArcFace>((l, labels) => Margin(l, labels, r => l.EasyMargin ? EasyArc(r.Cosine, l.Margin)
            : l.PastPi == PastPi.Rise ? Math.Cos(Math.Acos(r.Cosine) + l.Margin) : Arc(r.Cosine, l.Margin)))
            with
        { Variants = ["arcface(easy_margin=true)", "arcface(past_pi=rise)", "arcface(scale=16, focal=2)", "arcface(scale=16, smoothing=0.1)"] },
        ["combined-margin"] = Certificate.Of<CombinedMargin>((l, labels) => Margin(l, labels, r => Combined(r.Cosine, l.M1, l.M2) - l.M3))
            with
        { Variants = ["combined-margin(m1=1.35, m2=0.1, m3=0.05)", "combined-margin(m1=4, m2=0, m3=0, scale=8)"] },
        ["cosface"] = Certificate.Of<CosFace>((l, labels) => Margin(l, labels, r => r.Cosine - l.Margin)),
        ["normalized-softmax"] = Certificate.Of<NormalizedSoftmax>((l, labels) => Margin(l, labels, r => r.Cosine)),
        ["proxy-nca"] = Certificate.Of<ProxyNca>((l, labels) => l.ExcludeOwn ? MatrixOracles.ExcludedOwn(l, labels) : Margin(l, labels, r => r.Cosine))
            with
        { Variants = ["proxy-nca(distance=cosine, softmax_scale=8)", "proxy-nca(softmax_scale=8, exclude_own=true)"], Large = "proxy-nca(softmax_scale=128)" },
        ["softmax"] = Certificate.Of<Softmax>((l, labels) => new LinearOracle
        {
            Labels = labels,
            Dimensions = l.Context.Embedding,
            Smoothing = l.Smoothing,
            Focal = l.Focal,
        })
            with
        { Variants = ["softmax(focal=2, smoothing=0.1)"] },
    };

    private static MarginOracle Margin(MarginSoftmaxLoss loss, int[] labels, Func<MarginRow, double> target) => new()
    {
        Labels = labels,
        Dimensions = loss.Context.Embedding,
        Scale = loss.Scale,
        Smoothing = loss.Smoothing,
        Focal = loss.Focal,
        Target = target,
    };

    /// <summary>With the margins that the loss draws for the batch.</summary>
    private static MarginOracle Elastic(ElasticMarginLoss loss, int[] labels, Func<MarginRow, double, double> psi)
    {
        double[] drawn = [.. Enumerable.Range(0, labels.Length).Select(k => loss.Margin + (loss.Std * new Rng().Fork("margin", k).NextGaussian()))];
        return Margin(loss, labels, r => psi(r, drawn[r.Index]));
    }

    private static double MagMargin(MagFace l, double norm) => l.LowerMargin
        + ((l.UpperMargin - l.LowerMargin) * (Math.Clamp(norm, l.LowerNorm, l.UpperNorm) - l.LowerNorm) / (l.UpperNorm - l.LowerNorm));

    internal static double EasyArc(double cosine, double m) => cosine > 0 ? Math.Cos(Math.Acos(cosine) + m) : cosine;

    /// <summary>cos(θ + m), past π − m cos θ − m·sin m.</summary>
    internal static double Arc(double cosine, double m) =>
        Math.Acos(cosine) is var theta && theta < Math.PI - m ? Math.Cos(theta + m) : cosine - (m * Math.Sin(m));

    internal static double Combined(double cosine, double m1, double m2)
    {
        double phi = (m1 * Math.Acos(cosine)) + m2, k = Math.Floor(phi / Math.PI);
        return m1 == 1 ? Arc(cosine, m2) : (Math.Pow(-1, k) * Math.Cos(phi)) - (2 * k);
    }
}
