using Hypersphere.Losses;
using Hypersphere.Losses.Classification;
using Hypersphere.Oracles.Losses;

namespace Hypersphere.Tests.Losses;

/// <summary>The certificates of losses with prototypes.</summary>
internal static class ProxyOracles
{
    public static IReadOnlyDictionary<string, Certificate> All { get; } = new Dictionary<string, Certificate>(StringComparer.Ordinal)
    {
        ["arcface"] = Certificate.Of<ArcFace>((l, labels) => Margin(l, labels, r => l.EasyMargin && r.Cosine <= 0 ? r.Cosine : Arc(r.Cosine, l.Margin)))
            with
            { Variants = ["arcface(easy_margin=true)", "arcface(scale=16, focal=2)", "arcface(scale=16, smoothing=0.1)"] },
        ["combined-margin"] = Certificate.Of<CombinedMargin>((l, labels) => Margin(l, labels, r => Combined(r.Cosine, l.M1, l.M2) - l.M3))
            with
            { Variants = ["combined-margin(m1=1.35, m2=0.1, m3=0.05)", "combined-margin(m1=4, m2=0, m3=0, scale=8)"] },
        ["cosface"] = Certificate.Of<CosFace>((l, labels) => Margin(l, labels, r => r.Cosine - l.Margin)),
        ["normalized-softmax"] = Certificate.Of<NormalizedSoftmax>((l, labels) => Margin(l, labels, r => r.Cosine)),
        ["softmax"] = Certificate.Of<Softmax>((_, labels) => new LinearOracle { Labels = labels, Dimensions = CertificateCase.Size }),
    };

    private static MarginOracle Margin(MarginSoftmaxLoss loss, int[] labels, Func<MarginRow, double> target) => new()
    {
        Labels = labels, Dimensions = loss.Context.Embedding, Scale = loss.Scale, Smoothing = loss.Smoothing, Focal = loss.Focal, Target = target,
    };

    /// <summary>cos(θ + m), past π − m cos θ − m·sin m.</summary>
    private static double Arc(double cosine, double m) =>
        Math.Acos(cosine) is var theta && theta < Math.PI - m ? Math.Cos(theta + m) : cosine - (m * Math.Sin(m));

    private static double Combined(double cosine, double m1, double m2)
    {
        double phi = (m1 * Math.Acos(cosine)) + m2, k = Math.Floor(phi / Math.PI);
        return m1 == 1 ? Arc(cosine, m2) : (Math.Pow(-1, k) * Math.Cos(phi)) - (2 * k);
    }
}
