using System.Text.Json;
using Hypersphere.Evaluation;

namespace Hypersphere.Conformance;

/// <summary>Evaluation of embeddings: retrieval, verification, ROC, agreement of clusters.</summary>
internal static class EvalCases
{
    private const double NotDefined = 0; // where the peer says NaN

    /// <summary>By published name.</summary>
    public static IReadOnlyDictionary<string, CaseFunction> Names { get; } = new Dictionary<string, CaseFunction>(StringComparer.Ordinal)
    {
        ["clustering_scores"] = Clusters,
        ["retrieval"] = RetrievalMeasures,
        ["roc"] = Roc,
        ["verification"] = Verification,
    };

    private static Outputs Clusters(Case c)
    {
        ClusterAgreement result = ClusterAgreement.Measure(c.Ints("labels"), c.Ints("cluster_labels"));
        return new Outputs
        {
            { "nmi", result.Nmi }, { "ami", result.Ami }, { "ari", result.Ari },
            { "homogeneity", result.Homogeneity }, { "completeness", result.Completeness }, { "v_measure", result.VMeasure },
        };
    }

    /// <summary>Neighbours are those of the embeddings as given, by Euclidean distance.</summary>
    private static Outputs RetrievalMeasures(Case c)
    {
        EmbeddingSet queries = Set(c, "embeddings", "labels");
        EmbeddingSet gallery = c.Has("ref_embeddings") ? Set(c, "ref_embeddings", "ref_labels") : queries;
        bool included = c.Flag("ref_includes_query", false);
        int[]? self = included ? [.. Enumerable.Range(0, queries.Count).Select(i => IndexOf(queries.Row(i), gallery))] : null;
        int largest = gallery.Labels.GroupBy(l => l).Max(g => g.Count()) - (included ? 1 : 0);
        RetrievalOptions options = new()
        {
            Order = NeighborOrder.Euclidean,
            RankingDepth = c.Hyper("k") switch
            {
                null => int.MaxValue,
                { ValueKind: JsonValueKind.Number } k => k.GetInt32(),
                _ => largest, // "max_bin_count"
            },
            Averaging = c.Flag("avg_of_avgs", false) ? RetrievalAveraging.Classes : RetrievalAveraging.Queries,
        };
        RetrievalResult[] results = c.Flag("return_per_class", false)
            ? [.. PerClass(queries, gallery, options, self)]
            : [Retrieval.Evaluate(queries, gallery, options, self)];
        return new Outputs
        {
            { "precision_at_1", Array.ConvertAll(results, r => r.PrecisionAt1 ?? NotDefined) },
            { "r_precision", Array.ConvertAll(results, r => r.RPrecision ?? NotDefined) },
            { "mean_average_precision_at_r", Array.ConvertAll(results, r => r.MapAtR ?? NotDefined) },
            { "mean_average_precision", Array.ConvertAll(results, r => r.MeanAveragePrecision ?? NotDefined) },
            { "mean_reciprocal_rank", Array.ConvertAll(results, r => r.MeanReciprocalRank ?? NotDefined) },
        };
    }

    /// <summary>The queries of each class on their own, classes in order; those without a query that counts are left out.</summary>
    private static IEnumerable<RetrievalResult> PerClass(
        EmbeddingSet queries, EmbeddingSet gallery, RetrievalOptions options, int[]? self) =>
        from label in queries.Labels.Distinct().Order()
        let rows = Enumerable.Range(0, queries.Count).Where(i => queries.Labels[i] == label).ToArray()
        let own = new EmbeddingSet([.. rows.SelectMany(i => queries.Row(i).ToArray())], queries.Size, [.. rows.Select(_ => label)])
        let result = Retrieval.Evaluate(own, gallery, options, self is null ? null : [.. rows.Select(i => self[i])])
        where result.Queries > 0
        select result;

    /// <summary>Scikit-learn 1.2 writes the first threshold, which accepts nothing, as the largest score + 1.</summary>
    private static Outputs Roc(Case c)
    {
        RocCurve curve = RocCurve.FromScores(c.Doubles("scores"), Array.ConvertAll(c.Ints("labels"), l => l != 0));
        RocCurve corners = curve.Corners();
        double[] points = [.. c.Hyper("far_points")?.EnumerateArray().Select(p => p.GetDouble()) ?? []];
        return new Outputs
        {
            { "fpr", corners.Far }, { "tpr", corners.Tar }, { "thresholds", Finite(corners.Thresholds) },
            { "fpr_full", curve.Far }, { "tpr_full", curve.Tar }, { "thresholds_full", Finite(curve.Thresholds) },
            { "auc", curve.Auc ?? NotDefined }, { "average_precision", curve.AveragePrecision ?? NotDefined },
            { "tpr_at_far", Array.ConvertAll(points, p => corners.TarNearest(p) ?? NotDefined) },
        };

        static double[] Finite(double[] thresholds) => [thresholds[1] + 1, .. thresholds[1..]];
    }

    /// <summary>Rows 2i and 2i + 1 are pair i, compared by the squared distance of the embeddings as given.</summary>
    private static Outputs Verification(Case c)
    {
        double[] values = c.Doubles("embeddings"), distances = new double[c.Shape("embeddings")[0] / 2];
        int size = c.Shape("embeddings")[1];
        for (int i = 0; i < distances.Length * size; i++)
        {
            (int pair, int d) = (i / size, i % size);
            distances[pair] += Math.Pow(values[(2 * pair * size) + d] - values[(((2 * pair) + 1) * size) + d], 2);
        }

        bool[] same = Array.ConvertAll(c.Ints("issame"), v => v != 0);
        InsightFaceProtocol result = InsightFaceProtocol.EvaluateDistances(
            distances, same, c.Whole("nrof_folds", 10), c.Number("far_target", 1e-3));
        return new Outputs
        {
            { "accuracy", result.Accuracy.Folds }, { "accuracy_mean", result.Accuracy.Mean }, { "accuracy_std", result.Accuracy.Std },
            { "tpr", result.Tar }, { "fpr", result.Far }, { "auc", result.Auc },
            { "val", result.Val }, { "val_std", result.ValStd }, { "far", result.ValFar },
        };
    }

    private static EmbeddingSet Set(Case c, string values, string labels) => new(c.Floats(values), c.Shape(values)[1], c.Ints(labels));

    private static int IndexOf(ReadOnlySpan<float> row, EmbeddingSet gallery)
    {
        int i = 0;
        while (i < gallery.Count && !gallery.Row(i).SequenceEqual(row))
        {
            i++;
        }

        return i < gallery.Count ? i : -1;
    }
}
