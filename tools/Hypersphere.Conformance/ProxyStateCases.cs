using Hypersphere.Losses;
using Hypersphere.Losses.Classification;
using Hypersphere.Tensors;

namespace Hypersphere.Conformance;

/// <summary>Margin softmax losses that keep something between batches, or draw their margins.</summary>
internal static class ProxyStateCases
{
    /// <summary>By published name.</summary>
    public static IReadOnlyDictionary<string, CaseFunction> Names { get; } = new Dictionary<string, CaseFunction>(StringComparer.Ordinal)
    {
        ["adacos"] = c => LossPass.Of(
            c,
            context => new AdaCos(context),
            prepare: loss => Begin(c, loss, ("scale", "scale_before")),
            more: (loss, outputs) => outputs.Add("scale_after", LossPass.Buffer(loss, "scale")[0])),
        ["adaface"] = AdaFaceOf,
        ["curricularface"] = CurricularFaceOf,
        ["elastic_arcface"] = c => LossPass.Of(
            c, context => new ElasticArcFace(context, scale: c.Single("s", 64)), prepare: loss => Fix(c, (ElasticMarginLoss)loss)),
        ["elastic_cosface"] = c => LossPass.Of(
            c, context => new ElasticCosFace(context, scale: c.Single("s", 64)), prepare: loss => Fix(c, (ElasticMarginLoss)loss)),
        ["sphereface"] = c => LossPass.Of(
            c,
            context => new SphereFace(
                context, c.Single("m", 4), lambdaStart: c.Single("base", 1000), lambdaDecay: c.Single("gamma", 0.12),
                lambdaPower: c.Single("power", 1), lambdaMin: c.Single("lambda_min", 5)),
            prepare: loss => Begin(c, loss, ("batches", "iter_before")),
            more: (loss, outputs) => outputs.Add("lamb", ((SphereFace)loss).Lambda)),
    };

    private static Outputs AdaFaceOf(Case c) => LossPass.Of(
        c,
        context => new AdaFace(
            context, c.Single("m", 0.4), c.Single("h", 0.333), c.Single("s", 64), c.Single("t_alpha", 1), c.Single("eps", 1e-3)),
        prepare: loss => Begin(c, loss, ("norm_mean", "batch_mean_before"), ("norm_deviation", "batch_std_before")),
        more: (loss, outputs) =>
        {
            outputs.Add("batch_mean_after", LossPass.Buffer(loss, "norm_mean")[0]);
            outputs.Add("batch_std_after", LossPass.Buffer(loss, "norm_deviation")[0]);
        });

    /// <summary>The plain logits, s·cos, are an output of their own.</summary>
    private static Outputs CurricularFaceOf(Case c) => LossPass.Of(
        c,
        context => new CurricularFace(context, c.Single("m", 0.5), c.Single("s", 64)),
        prepare: loss => Begin(c, loss, ("t", "t_before")),
        more: (loss, outputs) =>
        {
            outputs.Add("t_after", LossPass.Buffer(loss, "t")[0]);
            NormalizedSoftmax plain = new(loss.Context, c.Single("s", 64));
            loss.Prototypes!.Value.Span.CopyTo(plain.Prototypes.Value.Span);
            Tensor logits = plain.Logits(LossPass.Input(c, "embeddings").Value, c.Ints("labels"));
            outputs.Add("origin_logits", logits.ToArray(), logits.Shape[0], logits.Shape[1]);
        });

    private static void Begin(Case c, Loss loss, params ReadOnlySpan<(string Buffer, string Hyper)> states)
    {
        foreach ((string buffer, string hyper) in states)
        {
            Span<float> value = LossPass.Buffer(loss, buffer);
            value[0] = c.Single(hyper, value[0]);
        }
    }

    /// <summary>The case's margins, one a row that counts. The sorted form gives row i the margin at the place that the i-th largest cosine
    /// has in the batch, which the peer takes for its rank.</summary>
    private static void Fix(Case c, ElasticMarginLoss loss)
    {
        int[] labels = c.Ints("labels"), valid = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] >= 0)];
        double[] margins = c.Doubles("margins");
        if (c.Flag("plus", false))
        {
            NormalizedSoftmax plain = new(loss.Context, 1);
            loss.Prototypes.Value.Span.CopyTo(plain.Prototypes.Value.Span);
            float[] cosines = plain.Logits(LossPass.Input(c, "embeddings").Value, labels).ToArray();
            int[] order = [.. valid.OrderByDescending(i => cosines[(i * loss.Context.Classes) + labels[i]])];
            double[] sorted = [.. margins.Order()];
            margins = [.. order.Select(place => sorted[place])];
        }

        loss.FixedMargins = new double[labels.Length];
        for (int k = 0; k < valid.Length; k++)
        {
            loss.FixedMargins[valid[k]] = margins[k];
        }
    }
}
