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
        ["cosface"] = c => LossPass.Of(c, context => new CosFace(context, c.Single("m", 0.4), c.Single("s", 30))),
        ["insightface_arcface"] = c => LossPass.Of(c, context => new UnboundedArc(context, c.Single("margin", 0.5), c.Single("s", 64))),
        ["insightface_combined"] = InsightFaceCombined,
        ["insightface_cosface"] = c => LossPass.Of(c, context => new CosFace(context, c.Single("m", 0.4), c.Single("s", 64))),
        ["pml_arcface"] = c => LossPass.Of(c, context => new ArcFace(
            context, (float)double.DegreesToRadians(c.Number("margin", 28.6)), c.Single("scale", 64))),
        ["pml_cosface"] = c => LossPass.Of(c, context => new CosFace(context, c.Single("margin", 0.35), c.Single("scale", 64))),
        ["pml_normalized_softmax"] = c => LossPass.Of(c, context => new NormalizedSoftmax(context, 1 / c.Single("temperature", 0.05))),
        ["uniface_softmax"] = c => LossPass.Of(c, context => new CosFace(context, c.Single("m", 0.4), c.Single("s", 64))),
    };

    /// <summary>Despite its name one margin or the other: ArcFace's m₂ where m₃ is 0, else CosFace's m₃.</summary>
    private static Outputs InsightFaceCombined(Case c)
    {
        (float m2, float m3, float s) = (c.Single("m2", 0.5), c.Single("m3", 0), c.Single("s", 64));
        float filter = c.Single("interclass_filtering_threshold", 0);
        return LossPass.Of(c, context => m3 > 0
            ? new CosFace(context, m3, s) { Filter = filter }
            : new UnboundedArc(context, m2, s) { Filter = filter });
    }

    /// <summary>arcface_torch's margin: cos(θ + m) even past θ = π − m, where it rises again, and a slope of 1.</summary>
    private sealed class UnboundedArc(LossContext context, float m, float scale)
        : MarginSoftmaxLoss(context, scale, MarginGradient.StraightThrough)
    {
        protected override void Target(in TargetBatch batch)
        {
            for (int i = 0; i < batch.Cosines.Length; i++)
            {
                batch.Values[i] = (float)Math.Cos(Math.Acos(Math.Clamp((double)batch.Cosines[i], -1, 1)) + m);
            }
        }
    }
}
