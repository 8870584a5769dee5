using Hypersphere.Formats;
using Hypersphere.Oracles;
using Hypersphere.Oracles.Losses;

namespace Hypersphere.Conformance.Tests;

/// <summary>The cases of our own: what the mappings promise, where no other implementation's cases are at hand.</summary>
internal static class OwnCases
{
    public static IReadOnlyList<OwnCase> All { get; } =
    [
        Margin("arcface", """{"s": 16, "m": 0.5}""", 16, c => Arc(c, 0.5)),
        Margin("arcface-easy", """{"s": 16, "m": 0.4, "easy_margin": true}""", 16, c => c > 0 ? Widened(c, 0.4) : c),
        Margin("arcface-defaults", """{"s": null}""", 30, c => Arc(c, 0.5)),
        Margin("cosface", """{"s": 16, "m": 0.35}""", 16, c => c - 0.35),
        Margin("insightface_arcface", """{"s": 16, "margin": 0.5}""", 16, c => Widened(c, 0.5), straightThrough: true),
        Margin("insightface_combined-m2", """{"s": 16, "m2": 0.3, "m3": 0}""", 16, c => Widened(c, 0.3), straightThrough: true),
        Margin("insightface_combined-m3", """{"s": 16, "m2": 0.3, "m3": 0.2}""", 16, c => c - 0.2),
        Margin(
            "insightface_combined-filter", """{"s": 16, "m3": 0.2, "interclass_filtering_threshold": 0.3}""", 16, c => c - 0.2,
            other: c => c > 0.3 ? 0 : c),
        Margin("insightface_cosface", """{"s": 16, "m": 0.4}""", 16, c => c - 0.4),
        Margin("pml_arcface", """{"scale": 16, "margin": 28.6}""", 16, c => Arc(c, double.DegreesToRadians(28.6))),
        Margin("pml_cosface", """{"scale": 16, "margin": 0.35}""", 16, c => c - 0.35),
        Margin("pml_normalized_softmax", """{"temperature": 0.1}""", 10, c => c),
        Margin("uniface_softmax", """{"s": 16, "m": 0.4, "l": null, "r": 1}""", 16, c => c - 0.4),
        .. OwnProxyCases.All,
        .. OwnPairCases.All,
        .. OwnPartialFcCases.All,
        new("eval", "retrieval", """{"ref_includes_query": true}""", Sample.Pairs.Arrays(), Retrieval),
        new("eval", "roc", """{"far_points": []}""", Scores(), () => new() { ["auc"] = NpyArray.Scalar(0.875) }),
    ];

    /// <summary>A loss by its definition.</summary>
    /// <param name="id">Name of the function; behind a hyphen, which of its cases.</param>
    /// <param name="hyper">Its hyper-parameters, JSON.</param>
    /// <param name="sample">Embeddings, labels and, for a loss that has them, weights.</param>
    /// <param name="oracle">The loss of the embeddings and the weights.</param>
    /// <param name="detach">Whether the published gradient holds constant what the oracle reads from its frozen inputs.</param>
    public static OwnCase Loss(string id, string hyper, Sample sample, LossOracle oracle, bool detach = false) =>
        new("loss", id, hyper, sample.Arrays(), () =>
        {
            double[][] inputs = [sample.X, sample.W];
            return Results(sample, oracle.Value(inputs, inputs), oracle.Gradient(inputs, 0, detach), oracle.Gradient(inputs, 1, detach));
        });

    /// <summary>A margin softmax by its ψ of the target cosine and what becomes of the others.</summary>
    private static OwnCase Margin(
        string id, string hyper, double scale, Func<double, double> psi, bool straightThrough = false, Func<double, double>? other = null)
    {
        other ??= c => c;
        Sample sample = Sample.Proxies;
        MarginSoftmaxOracle oracle = new()
        {
            X = sample.X, W = sample.W, Labels = sample.Labels, Dimensions = Sample.Size, Scale = scale, Target = (c, _) => psi(c), Negative = (_, c) => other(c),
        };
        double[] weights = [.. sample.Labels.Select(l => l < 0 ? 0 : 1.0 / sample.Labels.Count(k => k >= 0))];
        return new("loss", id, hyper, sample.Arrays(), () =>
        {
            (double[] dx, double[] dw) = straightThrough
                ? oracle.ChainGradients(weights, _ => 1, (_, _) => 1)
                : oracle.DifferenceGradients(weights);
            int classes = sample.W.Length / Sample.Size;
            bool IsOwn(int logit) => logit % classes == sample.Labels[logit / classes];
            double[] logits = [.. oracle.Cosines().Select((c, i) => scale * (IsOwn(i) ? psi(c) : other(c)))];
            Arrays outputs = Results(sample, FiniteDifference.Dot(oracle.Losses(), weights), dx, dw);
            outputs["logits"] = NpyArray.Of(logits, sample.Labels.Length, classes);
            return outputs;
        });
    }

    private static Arrays Results(Sample sample, double loss, double[] dx, double[] dw)
    {
        Arrays results = new()
        {
            ["loss"] = NpyArray.Scalar(loss), ["grad_embeddings"] = NpyArray.Of(dx, sample.Labels.Length, Sample.Size),
        };
        if (dw.Length > 0)
        {
            results["grad_weights"] = NpyArray.Of(dw, dw.Length / Sample.Size, Sample.Size);
        }

        return results;
    }

    private static double Widened(double cosine, double m) => Math.Cos(Math.Acos(cosine) + m);

    /// <summary>ArcFace's ψ with its threshold.</summary>
    private static double Arc(double cosine, double m) =>
        cosine > Math.Cos(Math.PI - m) ? Widened(cosine, m) : cosine - (m * Math.Sin(m));

    private static Arrays Retrieval()
    {
        float[] embeddings = Array.ConvertAll(Sample.Pairs.X, v => (float)v);
        (double precisionAt1, double rPrecision, double mapAtR, _) =
            EvaluationOracle.Retrieval(embeddings, Sample.Size, Sample.Pairs.Labels, k: 1);
        return new()
        {
            ["precision_at_1"] = NpyArray.Scalar(precisionAt1), ["r_precision"] = NpyArray.Scalar(rPrecision),
            ["mean_average_precision_at_r"] = NpyArray.Scalar(mapAtR),
        };
    }

    /// <summary>Of the four pairs of a genuine and an impostor three are in order and one is a tie.</summary>
    private static Arrays Scores() =>
        new() { ["scores"] = NpyArray.Of([0.9, 0.4, 0.4, 0.1]), ["labels"] = NpyArray.Of([1L, 1, 0, 0]) };
}
