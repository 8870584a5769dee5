using Hypersphere.Formats;
using Hypersphere.Oracles;

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
        Margin("insightface_cosface", """{"s": 16, "m": 0.4}""", 16, c => c - 0.4),
        Margin("pml_arcface", """{"scale": 16, "margin": 28.6}""", 16, c => Arc(c, double.DegreesToRadians(28.6))),
        Margin("pml_cosface", """{"scale": 16, "margin": 0.35}""", 16, c => c - 0.35),
        Margin("pml_normalized_softmax", """{"temperature": 0.1}""", 10, c => c),
        Margin("uniface_softmax", """{"s": 16, "m": 0.4, "l": null, "r": 1}""", 16, c => c - 0.4),
        new("eval", "retrieval", """{"ref_includes_query": true}""", Sample.Pairs.Arrays(), Retrieval),
        new("eval", "roc", """{"far_points": []}""", Scores(), () => new() { ["auc"] = NpyArray.Scalar(0.875) }),
    ];

    /// <summary>A loss by its definition, a function of embeddings and weights; the gradients are finite differences.</summary>
    public static OwnCase Loss(string id, string hyper, Sample sample, Func<double[], double[], double> loss) =>
        new("loss", id, hyper, sample.Arrays(), () => Results(
            sample,
            loss(sample.X, sample.W),
            FiniteDifference.Gradient(x => loss(x, sample.W), sample.X),
            FiniteDifference.Gradient(w => loss(sample.X, w), sample.W)));

    /// <summary>A margin softmax by its ψ of the target cosine.</summary>
    private static OwnCase Margin(string id, string hyper, double scale, Func<double, double> psi, bool straightThrough = false)
    {
        Sample sample = Sample.Proxies;
        int classes = sample.W.Length / Sample.Size;
        double[] weights = [.. sample.Labels.Select(l => l < 0 ? 0 : 1.0 / sample.Labels.Count(k => k >= 0))];
        MarginSoftmaxOracle Oracle(double[] x, double[] w) =>
            new() { X = x, W = w, Labels = sample.Labels, Dimensions = Sample.Size, Scale = scale, Target = (c, _) => psi(c) };
        OwnCase exact = Loss(id, hyper, sample, (x, w) => FiniteDifference.Dot(Oracle(x, w).Losses(), weights));
        return exact with
        {
            Outputs = () =>
            {
                MarginSoftmaxOracle oracle = Oracle(sample.X, sample.W);
                (double[] dx, double[] dw) = oracle.ChainGradients(weights, _ => 1, (_, _) => 1);
                Arrays outputs = straightThrough
                    ? Results(sample, FiniteDifference.Dot(oracle.Losses(), weights), dx, dw)
                    : exact.Outputs();
                double[] logits = [.. oracle.Cosines().Select((c, i) => scale * (i % classes == sample.Labels[i / classes] ? psi(c) : c))];
                outputs["logits"] = NpyArray.Of(logits, sample.Labels.Length, classes);
                return outputs;
            },
        };
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
