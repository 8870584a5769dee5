using Hypersphere.Losses;
using Hypersphere.Losses.Pairs;
using Hypersphere.Oracles.Losses;
using static Hypersphere.Oracles.Losses.PairOracle;

namespace Hypersphere.Tests.Losses;

/// <summary>The certificates of losses over pairs and tuples.</summary>
internal static class PairOracles
{
    public static IReadOnlyDictionary<string, Certificate> All { get; } = new Dictionary<string, Certificate>(StringComparer.Ordinal)
    {
        ["angular"] = Of<Angular>(CosineOf, l => (t, _) => PairFormulas.Angular(t, l.Alpha, l.NormalizeNegatives))
            with { Variants = ["angular(alpha=0.5, normalize_negatives=false)", "angular(alpha=1.2)"] },
        ["circle"] = Of<Circle>(CosineOf, l => (t, still) => l.Scope == CircleScope.Batch
            ? PairFormulas.CircleOfBatch(t, l.Detach ? still : t, l.Margin, l.Gamma)
            : PairFormulas.CircleOfAnchors(t, l.Detach ? still : t, l.Margin, l.Gamma))
            with
        {
            Variants = ["circle(scope=batch, margin=0.25)", "circle(gamma=16, detach=false)", "circle(gamma=16, scope=batch, detach=false)"],
            Large = "circle(gamma=256)",
        },
        ["contrastive"] = Of<Contrastive>(UnitDistance, l => (t, _) => PairFormulas.Contrastive(t, l.PositiveMargin, l.NegativeMargin))
            with { Variants = ["contrastive(positive_margin=0.3, negative_margin=1.3)"] },
        ["fastap"] = Of<FastAp>(SquaredDistance, l => (t, _) => PairFormulas.FastAp(t, l.Bins)) with { Variants = ["fastap(bins=25)"] },
        ["generalized-lifted-structure"] = Of<GeneralizedLiftedStructure>(
            UnitDistance, l => (t, _) => PairFormulas.GeneralizedLiftedStructure(t, l.PositiveMargin, l.NegativeMargin)),
        ["histogram"] = Of<Histogram>(CosineOf, l => (t, _) => PairFormulas.Histogram(t, l.Bins)) with { Variants = ["histogram(bins=10)"] },
        ["intra-pair-variance"] = Of<IntraPairVariance>(
            CosineOf, l => (t, _) => PairFormulas.IntraPairVariance(t, l.PositiveEpsilon, l.NegativeEpsilon))
            with { Variants = ["intra-pair-variance(positive_epsilon=0.2, negative_epsilon=0.1)"] },
        ["lifted-structure"] = Of<LiftedStructure>(UnitDistance, l => (t, _) => PairFormulas.LiftedStructure(t, l.PositiveMargin, l.NegativeMargin))
            with { Variants = ["lifted-structure(negative_margin=0.5, positive_margin=0.7)"] },
        ["multi-similarity"] = Of<MultiSimilarity>(CosineOf, l => (t, _) => PairFormulas.MultiSimilarity(t, l.Alpha, l.Beta, l.Base))
            with { Large = "multi-similarity(beta=256)" },
        ["n-pairs"] = Of<NPairs>(DotOf, _ => (t, _) => PairFormulas.NPairs(t)),
        ["nca"] = Of<Nca>(SquaredDistance, l => (t, _) => PairFormulas.Nca(t, l.Scale)) with { Variants = ["nca(scale=10)"] },
        ["ntxent"] = Of<NtXent>(CosineOf, l => (t, _) => PairFormulas.NtXent(t, l.Temperature)) with { Large = "ntxent(temperature=0.00390625)" },
        ["snr-contrastive"] = Of<SnrContrastive>(UnitNoise, l => (t, _) => PairFormulas.Contrastive(t, l.PositiveMargin, l.NegativeMargin))
            with { Variants = ["snr-contrastive(positive_margin=0.5, negative_margin=3)"] },
        ["supcon"] = Of<SupCon>(CosineOf, l => (t, _) => PairFormulas.SupCon(t, l.Temperature)) with { Large = "supcon(temperature=0.00390625)" },
        ["triplet"] = Of<TripletMargin>(UnitDistance, l => (t, _) => PairFormulas.Triplet(t, l.Margin, l.Swap, l.Smooth))
            with { Variants = ["triplet(margin=0.3, swap=true)", "triplet(margin=0.2, smooth=true)"] },
    };

    private static Certificate Of<T>(Metric distance, Func<T, Func<PairTable, PairTable, double>> formula)
        where T : Loss => Certificate.Of<T>((loss, labels) => new PairOracle
        {
            Labels = labels, Dimensions = CertificateCase.Size, Distance = distance, Formula = formula(loss),
        });

    private static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Math.Pow(UnitDistance(a, b), 2);
}
