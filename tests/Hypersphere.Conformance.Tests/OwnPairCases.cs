using Hypersphere.Oracles.Losses;
using static Hypersphere.Oracles.Losses.PairOracle;

namespace Hypersphere.Conformance.Tests;

/// <summary>Cases of our own of losses over pairs and triplets.</summary>
internal static class OwnPairCases
{
    public static IReadOnlyList<OwnCase> All { get; } =
    [
        Case("circle_pair", """{"m": 0.25, "gamma": 16}""", CosineOf, (t, still) => PairFormulas.CircleOfBatch(t, still, 0.25, 16), detach: true),
        Case("pml_angular", """{"alpha": 40}""", CosineOf, t => PairFormulas.Angular(t, double.DegreesToRadians(40), unit: false)),
        Case("pml_circle", """{"m": 0.4, "gamma": 16}""", CosineOf, (t, still) => PairFormulas.CircleOfAnchors(t, still, 0.4, 16), detach: true),
        Case("pml_contrastive", """{"pos_margin": 0.2, "neg_margin": 1.3}""", UnitDistance, t => PairFormulas.Contrastive(t, 0.2, 1.3)),
        Case("pml_fastap", """{"num_bins": 8}""", Squared, t => PairFormulas.FastAp(t, 8)),
        Case("pml_generalized_lifted_structure", """{"neg_margin": 1, "pos_margin": 0.5}""", UnitDistance, t => PairFormulas.GeneralizedLiftedStructure(t, 0.5, 1)),
        Case("pml_histogram", """{"n_bins": 8}""", CosineOf, t => PairFormulas.Histogram(t, 8)),
        Case("pml_histogram-delta", """{"delta": 0.25}""", CosineOf, t => PairFormulas.Histogram(t, 8)),
        Case("pml_intra_pair_variance", """{"pos_eps": 0.05, "neg_eps": 0.02}""", CosineOf, t => PairFormulas.IntraPairVariance(t, 0.05, 0.02)),
        Case("pml_lifted_structure", """{"neg_margin": 1, "pos_margin": 0.5}""", UnitDistance, t => PairFormulas.LiftedStructure(t, 0.5, 1)),
        Case("pml_multi_similarity", """{"alpha": 2, "beta": 40, "base": 0.4}""", CosineOf, t => PairFormulas.MultiSimilarity(t, 2, 40, 0.4)),
        Case("pml_nca", """{"softmax_scale": 4}""", Squared, t => PairFormulas.Nca(t, 4)),
        Case("pml_nca-power", """{"softmax_scale": 8, "distance": {"type": "LpDistance", "power": 2}}""", Squared, t => PairFormulas.Nca(t, 8)),
        Case("pml_npairs", "{}", CosineOf, PairFormulas.NPairs),
        Case("pml_ntxent", """{"temperature": 0.1}""", CosineOf, t => PairFormulas.NtXent(t, 0.1)),
        Case("pml_snr_contrastive", """{"pos_margin": 0.1, "neg_margin": 2}""", UnitNoise, t => PairFormulas.Contrastive(t, 0.1, 2)),
        Case("pml_supcon", """{"temperature": null}""", CosineOf, t => PairFormulas.SupCon(t, 0.1)),
        Case("pml_triplet", """{"margin": 0.2}""", UnitDistance, t => PairFormulas.Triplet(t, 0.2, swap: false, smooth: false)),
        Case("pml_triplet-swap", """{"margin": 0.2, "swap": true}""", UnitDistance, t => PairFormulas.Triplet(t, 0.2, swap: true, smooth: false)),
        Case("pml_triplet-smooth", """{"margin": 0.1, "smooth_loss": true}""", UnitDistance, t => PairFormulas.Triplet(t, 0.1, swap: false, smooth: true)),
        Case("pml_triplet-raw", """{"margin": 0.3, "distance": {"type": "LpDistance", "p": 1, "normalize_embeddings": false}}""", Manhattan,
            t => PairFormulas.Triplet(t, 0.3, swap: false, smooth: false)),
    ];

    private static OwnCase Case(string id, string hyper, Metric distance, Func<PairTable, double> formula) =>
        Case(id, hyper, distance, (t, _) => formula(t), detach: false);

    private static OwnCase Case(string id, string hyper, Metric distance, Func<PairTable, PairTable, double> formula, bool detach) =>
        OwnCases.Loss(id, hyper, Sample.Pairs, new PairOracle { Labels = Sample.Pairs.Labels, Dimensions = Sample.Size, Distance = distance, Formula = formula }, detach);

    private static double Squared(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Math.Pow(UnitDistance(a, b), 2);

    private static double Manhattan(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int d = 0; d < a.Length; d++)
        {
            sum += Math.Abs(a[d] - b[d]);
        }

        return sum;
    }
}
