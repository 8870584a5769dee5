using Hypersphere.Losses;
using Hypersphere.Losses.Pairs;
using Hypersphere.Tensors;

namespace Hypersphere.Conformance;

/// <summary>Losses over pairs and triplets.</summary>
internal static class PairCases
{
    /// <summary>The losses of pytorch-metric-learning by published name, made for a case.</summary>
    public static IReadOnlyDictionary<string, Func<Case, LossContext, PairwiseLoss>> Losses { get; } =
        new Dictionary<string, Func<Case, LossContext, PairwiseLoss>>(StringComparer.Ordinal)
    {
        ["pml_angular"] = (c, context) => new Angular(context, (float)double.DegreesToRadians(c.Number("alpha", 40)), normalizeNegatives: false)
        {
            Reduction = c.ReductionOr(new MeanReduction()),
        },
        ["pml_circle"] = (c, context) => new Circle(context, c.Single("m", 0.4), c.Single("gamma", 80))
        {
            Distance = c.DistanceOr(new CosineSimilarity()), Reduction = c.ReductionOr(new NonZeroMeanReduction()),
        },
        ["pml_contrastive"] = (c, context) => new Contrastive(context, c.Single("pos_margin", 0), c.Single("neg_margin", 1))
        {
            Distance = c.DistanceOr(new LpDistance()), Reduction = c.ReductionOr(new NonZeroMeanReduction()),
        },
        ["pml_fastap"] = (c, context) => new FastAp(context, c.Whole("num_bins", 10))
        {
            Distance = c.DistanceOr(new LpDistance(power: 2)), Reduction = c.ReductionOr(new MeanReduction()),
        },
        ["pml_generalized_lifted_structure"] = (c, context) => new GeneralizedLiftedStructure(context, c.Single("neg_margin", 1), c.Single("pos_margin", 0))
        {
            Distance = c.DistanceOr(new LpDistance()), Reduction = c.ReductionOr(new MeanReduction()),
        },
        ["pml_histogram"] = (c, context) => new Histogram(
            context, c.Hyper("delta") is null ? c.Whole("n_bins", 100) : (int)Math.Round(2 / c.Number("delta", 0.02))) // 1 node more than bins
        {
            Distance = c.DistanceOr(new CosineSimilarity()),
        },
        ["pml_intra_pair_variance"] = (c, context) => new IntraPairVariance(context, c.Single("pos_eps", 0.01), c.Single("neg_eps", 0.01))
        {
            Distance = c.DistanceOr(new CosineSimilarity()), Reduction = c.ReductionOr(new MeanReduction()),
        },
        ["pml_lifted_structure"] = (c, context) => new LiftedStructure(context, c.Single("neg_margin", 1), c.Single("pos_margin", 0))
        {
            Distance = c.DistanceOr(new LpDistance()), Reduction = c.ReductionOr(new MeanReduction()),
        },
        ["pml_multi_similarity"] = (c, context) => new MultiSimilarity(context, c.Single("alpha", 2), c.Single("beta", 50), c.Single("base", 0.5))
        {
            Distance = c.DistanceOr(new CosineSimilarity()), Reduction = c.ReductionOr(new MeanReduction()),
        },
        ["pml_nca"] = (c, context) => new Nca(context, c.Single("softmax_scale", 1))
        {
            Distance = c.DistanceOr(new LpDistance(power: 2)), Reduction = c.ReductionOr(new MeanReduction()),
        },
        ["pml_npairs"] = (c, context) => new NPairs(context)
        {
            Distance = c.DistanceOr(new DotSimilarity(normalize: true)), Reduction = c.ReductionOr(new MeanReduction()),
        },
        ["pml_ntxent"] = (c, context) => new NtXent(context, c.Single("temperature", 0.07))
        {
            Distance = c.DistanceOr(new CosineSimilarity()), Reduction = c.ReductionOr(new MeanReduction()),
        },
        ["pml_snr_contrastive"] = (c, context) => new SnrContrastive(context, c.Single("pos_margin", 0), c.Single("neg_margin", 1))
        {
            Distance = c.DistanceOr(new SnrDistance()), Reduction = c.ReductionOr(new NonZeroMeanReduction()),
        },
        ["pml_supcon"] = (c, context) => new SupCon(context, c.Single("temperature", 0.1))
        {
            Distance = c.DistanceOr(new CosineSimilarity()), Reduction = c.ReductionOr(new NonZeroMeanReduction()),
        },
        ["pml_triplet"] = (c, context) => new TripletMargin(context, c.Single("margin", 0.05), c.Flag("swap", false), c.Flag("smooth_loss", false))
        {
            Distance = c.DistanceOr(new LpDistance()), Reduction = c.ReductionOr(new NonZeroMeanReduction()),
        },
    };

    /// <summary>By published name.</summary>
    public static IReadOnlyDictionary<string, CaseFunction> Names { get; } = new Dictionary<string, CaseFunction>(
        Losses.Select(l => KeyValuePair.Create<string, CaseFunction>(l.Key, c => PairPass.Of(c, context => l.Value(c, context)))), StringComparer.Ordinal)
    {
        ["circle_pair"] = CirclePair,
    };

    /// <summary>The CircleLoss repository's: one softplus over the unordered pairs of the batch, whose similarities it also
    /// returns.</summary>
    private static Outputs CirclePair(Case c)
    {
        Outputs outputs = PairPass.Of(c, context => new Circle(context, c.Single("m", 0.25), c.Single("gamma", 256), CircleScope.Batch));
        int[] labels = c.Ints("labels");
        Tensor x = LossPass.Input(c, "embeddings").Value;
        float[] similarities = new CosineSimilarity().Matrix(x, x).ToArray();
        foreach ((string name, bool same) in new[] { ("sp", true), ("sn", false) })
        {
            outputs.Add(name, [.. similarities.Where((_, k) => k / labels.Length is var i && k % labels.Length is var j && i < j && labels[i] == labels[j] == same)]);
        }

        return outputs;
    }
}
