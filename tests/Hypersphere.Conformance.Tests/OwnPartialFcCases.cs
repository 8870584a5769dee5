using Hypersphere.Formats;
using Hypersphere.Oracles;

namespace Hypersphere.Conformance.Tests;

/// <summary>Partial FC over two ranks of three classes each, two of which are sampled; the last row is labelled −1.</summary>
internal static class OwnPartialFcCases
{
    private const int Ranks = 2, ClassesOfRank = 3;
    private const double Scale = 16, Margin = 0.3;

    /// <summary>Each rank's own class of the batch, and the other one with the larger random number.</summary>
    private static readonly long[][] _sampled = [[1, 2], [1, 2]];

    private static readonly Sample _sample = Sample.Proxies with { Labels = [2, 2, 4, 4, 2, -1] };

    public static IReadOnlyList<OwnCase> All { get; } =
    [
        new(
            "partial-fc", "partial_fc", """{"world_size": 2, "sample_rate": 0.7, "margin": "cosface", "s": 16, "m": 0.3}""",
            new(_sample.Arrays()) { ["perm_rank0"] = NpyArray.Of([0.1, 0.9, 0.5]), ["perm_rank1"] = NpyArray.Of([0.3, 0.2, 0.8]) }, Outputs),
    ];

    private static int Rows => _sample.Labels.Length;

    private static Arrays Outputs()
    {
        double[] dx = FiniteDifference.Gradient(x => Rows.Sum(i => Term(x, _sample.W, i)) / Rows, _sample.X);
        double[] dw = FiniteDifference.Gradient(w => Rows.Sum(i => Term(_sample.X, w, i)) / Rows, _sample.W);
        double loss = Rows.Sum(i => _sample.Labels[i] < 0 ? -Math.Log(1e-30) : Term(_sample.X, _sample.W, i)) / Rows;
        Arrays outputs = new()
        {
            ["loss"] = NpyArray.Scalar(loss),
            ["grad_embeddings"] = NpyArray.Of([.. dx.Select(g => Ranks * g)], Rows, Sample.Size),
            ["grad_weights"] = NpyArray.Of(dw, Ranks * ClassesOfRank, Sample.Size),
        };
        for (int rank = 0; rank < Ranks; rank++)
        {
            long[] own = [.. _sampled[rank].Select(k => (rank * ClassesOfRank) + k)];
            double[] logits = [.. from i in Enumerable.Range(0, Rows) from c in own select Logit(_sample.X, _sample.W, i, (int)c)];
            outputs[$"index_rank{rank}"] = NpyArray.Of(_sampled[rank]);
            outputs[$"local_labels_rank{rank}"] = NpyArray.Of([.. _sample.Labels.Select(l => (long)Array.IndexOf(own, l))]);
            outputs[$"logits_rank{rank}"] = NpyArray.Of(logits, Rows, own.Length);
        }

        return outputs;
    }

    /// <summary>Cross-entropy over the samples of both ranks; for a row without a class, the logarithm of the denominator.</summary>
    private static double Term(double[] x, double[] w, int row)
    {
        double[] logits = [.. _sampled.SelectMany((classes, rank) => classes.Select(k => Logit(x, w, row, (rank * ClassesOfRank) + (int)k)))];
        double denominator = Math.Log(logits.Sum(Math.Exp));
        return _sample.Labels[row] < 0 ? denominator : denominator - Logit(x, w, row, _sample.Labels[row]);
    }

    private static double Logit(double[] x, double[] w, int row, int c) => Scale * (MarginSoftmaxOracle.Cosine(
        x.AsSpan(row * Sample.Size, Sample.Size), w.AsSpan(c * Sample.Size, Sample.Size)) - (c == _sample.Labels[row] ? Margin : 0));

    private static double Sum(this int count, Func<int, double> term) => Enumerable.Range(0, count).Sum(term);
}
