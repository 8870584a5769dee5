using Hypersphere.Losses;
using Hypersphere.Losses.Classification;

namespace Hypersphere.Conformance;

/// <summary>Softmax over cosines to one prototype a class, with a margin on the target.</summary>
internal static class ProxyCases
{
    /// <summary>By published name.</summary>
    public static IReadOnlyDictionary<string, CaseFunction> Names { get; } = new Dictionary<string, CaseFunction>(StringComparer.Ordinal)
    {
        ["arcface"] = c => LossPass.Of(c, context => new ArcFace(
            context, c.Single("m", 0.5), c.Single("s", 30), easyMargin: c.Flag("easy_margin", false))),
        ["circle_class"] = c => LossPass.Of(c, context => new CircleClass(context, c.Single("margin", 0.25), c.Single("gamma", 256))),
        ["cosface"] = c => LossPass.Of(c, context => new CosFace(context, c.Single("m", 0.4), c.Single("s", 30))),
        ["insightface_arcface"] = c => LossPass.Of(c, context => InsightFaceArc(context, c.Single("margin", 0.5), c.Single("s", 64), 0)),
        ["insightface_combined"] = InsightFaceCombined,
        ["insightface_cosface"] = c => LossPass.Of(c, context => new CosFace(context, c.Single("m", 0.4), c.Single("s", 64))),
        ["magface"] = MagFaceParts,
        ["mv_softmax"] = MvSoftmaxOf,
        ["pml_arcface"] = c => LossPass.Of(c, context => new ArcFace(
            context, (float)double.DegreesToRadians(c.Number("margin", 28.6)), c.Single("scale", 64))),
        ["pml_cosface"] = c => LossPass.Of(c, context => new CosFace(context, c.Single("margin", 0.35), c.Single("scale", 64))),
        ["pml_normalized_softmax"] = c => LossPass.Of(c, context => new NormalizedSoftmax(context, 1 / c.Single("temperature", 0.05))),
        ["pml_proxy_nca"] = ProxyNcaOf,
        ["pml_sphereface"] = c => LossPass.Of(c, context => new SphereFace(
            context, c.Single("margin", 4), c.Single("scale", 1), annealing: false)),
        ["uniface_softmax"] = c => LossPass.Of(c, context => new CosFace(context, c.Single("m", 0.4), c.Single("s", 64))),
    };

    /// <summary>Despite its name one margin or the other: ArcFace's m₂ where m₃ is 0, else CosFace's m₃.</summary>
    private static Outputs InsightFaceCombined(Case c)
    {
        (float m2, float m3, float s) = (c.Single("m2", 0.5), c.Single("m3", 0), c.Single("s", 64));
        float filter = c.Single("interclass_filtering_threshold", 0);
        return LossPass.Of(c, context => m3 > 0
            ? new CosFace(context, m3, s) { Filter = filter }
            : InsightFaceArc(context, m2, s, filter));
    }

    /// <summary>arcface_torch's margin: cos(θ + m) even past θ = π − m, where it rises again, and a slope of 1.</summary>
    private static ArcFace InsightFaceArc(LossContext context, float m, float s, float filter) =>
        new(context, m, s, gradient: MarginGradient.StraightThrough, pastPi: PastPi.Rise) { Filter = filter };

    /// <summary>The whole, the softmax alone, and the mean of g alone.</summary>
    private static Outputs MagFaceParts(Case c)
    {
        (double lower, double upper) = (c.Number("l_a", 10), c.Number("u_a", 110));
        MagFace Make(LossContext context, float lambda) => new(
            context, (float)lower, (float)upper, c.Single("l_margin", 0.45), c.Single("u_margin", 0.8), lambda, c.Single("s", 64),
            c.Flag("easy_margin", true));
        Outputs outputs = LossPass.Of(c, context => Make(context, c.Single("lambda_g", 20)));
        outputs.Add("loss_id", LossPass.Of(c, context => Make(context, 0)).Number("loss"));
        double[] norms = [.. c.Doubles("embeddings").Chunk(c.Shape("embeddings")[1]).Select(x => Math.Sqrt(x.Sum(v => v * v)))];
        outputs.Add("loss_g", norms.Select(n => Math.Clamp(n, lower, upper)).Average(a => (a / (upper * upper)) + (1 / a)));
        return outputs;
    }

    private static Outputs MvSoftmaxOf(Case c)
    {
        MvMargin kind = c.Flag("is_am", true) ? MvMargin.Am : MvMargin.Arc;
        return LossPass.Of(c, context => new MvSoftmax(
            context, kind, c.Single("margin", 0.35), c.Single("mv_weight", 1.12), c.Single("scale", 32)));
    }

    /// <summary>Squared distances unless the case chooses cosines.</summary>
    private static Outputs ProxyNcaOf(Case c)
    {
        ProxyDistance distance = c.Distance switch
        {
            null or { Type: "LpDistance", P: 2, Power: 2, Normalize: true } => ProxyDistance.Euclidean,
            { Type: "CosineSimilarity" } or { Type: "DotProductSimilarity", Normalize: true } => ProxyDistance.Cosine,
            _ => throw new NotImplementedException("Proxy-NCA with this distance"),
        };
        return LossPass.Of(c, context => new ProxyNca(context, c.Single("softmax_scale", 1), distance));
    }
}
