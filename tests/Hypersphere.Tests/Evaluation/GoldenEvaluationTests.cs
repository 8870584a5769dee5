using Hypersphere.Evaluation;
using Hypersphere.Oracles;

namespace Hypersphere.Tests.Evaluation;

/// <summary>Numbers of the published implementations, where they lie beside the repository.</summary>
public class GoldenEvaluationTests
{
    [Fact]
    public void Retrieval_as_in_pytorch_metric_learning()
    {
        foreach (GoldenCase golden in GoldenCase.Of("eval", "retrieval"))
        {
            EmbeddingSet queries = Set(golden, "in_embeddings", "in_labels");
            EmbeddingSet gallery = golden.Has("in_ref_embeddings") ? Set(golden, "in_ref_embeddings", "in_ref_labels") : queries;
            bool included = golden.Hyper.GetProperty("ref_includes_query").GetBoolean();
            int[]? self = included ? [.. Enumerable.Range(0, queries.Count).Select(i => IndexOf(queries.Row(i), gallery))] : null;
            int largest = gallery.Labels.GroupBy(l => l).Max(g => g.Count()) - (included ? 1 : 0);
            RetrievalResult result = Retrieval.Evaluate(queries, gallery, new RetrievalOptions
            {
                Order = NeighborOrder.Euclidean,
                RankingDepth = golden.Hyper.GetProperty("k").ValueKind == System.Text.Json.JsonValueKind.Null ? int.MaxValue : largest,
                Averaging = golden.Hyper.GetProperty("avg_of_avgs").GetBoolean() ? RetrievalAveraging.Classes : RetrievalAveraging.Queries,
            }, self);
            Close(golden, "out_precision_at_1", result.PrecisionAt1);
            Close(golden, "out_r_precision", result.RPrecision);
            Close(golden, "out_mean_average_precision_at_r", result.MapAtR);
            Close(golden, "out_mean_average_precision", result.MeanAveragePrecision);
            Close(golden, "out_mean_reciprocal_rank", result.MeanReciprocalRank, 1e-6);
        }
    }

    [Fact]
    public void Verification_as_in_insightface()
    {
        foreach (GoldenCase golden in GoldenCase.Of("eval", "verification"))
        {
            (double[] values, int size) = (golden.Array("in_embeddings"), golden.Shape("in_embeddings")[1]);
            bool[] same = Array.ConvertAll(golden.Array("in_issame"), v => v != 0);
            double[] distances = new double[same.Length];
            for (int p = 0; p < distances.Length; p++)
            {
                for (int d = 0; d < size; d++)
                {
                    double difference = values[(2 * p * size) + d] - values[(((2 * p) + 1) * size) + d];
                    distances[p] += difference * difference;
                }
            }

            int folds = golden.Hyper.GetProperty("nrof_folds").GetInt32();
            InsightFaceProtocol result = InsightFaceProtocol.EvaluateDistances(distances, same, folds);
            Assert.Equal(golden.Array("out_accuracy"), result.Accuracy.Folds);
            Close(golden, "out_accuracy_mean", result.Accuracy.Mean, 1e-12);
            Close(golden, "out_accuracy_std", result.Accuracy.Std, 1e-12);
            Assert.All(golden.Array("out_tpr").Zip(result.Tar), p => Assert.Equal(p.First, p.Second, 1e-12));
            Assert.All(golden.Array("out_fpr").Zip(result.Far), p => Assert.Equal(p.First, p.Second, 1e-12));
            Close(golden, "out_auc", result.Auc, 1e-12);
            Close(golden, "out_val", result.Val, 1e-9);
            Close(golden, "out_val_std", result.ValStd, 1e-9);
            Close(golden, "out_far", result.ValFar, 1e-9);
        }
    }

    [Fact]
    public void Roc_as_in_scikit_learn()
    {
        foreach (GoldenCase golden in GoldenCase.Of("eval", "roc"))
        {
            RocCurve curve = RocCurve.FromScores(golden.Array("in_scores"), Array.ConvertAll(golden.Array("in_labels"), v => v != 0));
            RocCurve corners = curve.Corners();
            Assert.Equal(golden.Array("out_fpr_full"), curve.Far);
            Assert.Equal(golden.Array("out_tpr_full"), curve.Tar);
            Assert.Equal(golden.Array("out_thresholds_full").Skip(1), curve.Thresholds.Skip(1));
            Assert.Equal(golden.Array("out_fpr"), corners.Far);
            Assert.Equal(golden.Array("out_tpr"), corners.Tar);
            Close(golden, "out_auc", curve.Auc);
            Close(golden, "out_average_precision", curve.AveragePrecision);
            double[] fars = [.. golden.Hyper.GetProperty("far_points").EnumerateArray().Select(f => f.GetDouble())];
            Assert.All(fars.Zip(golden.Array("out_tpr_at_far")), p => Assert.Equal(p.Second, corners.TarNearest(p.First)!.Value, 1e-9));
        }
    }

    [Fact]
    public void Clusters_as_in_scikit_learn()
    {
        foreach (GoldenCase golden in GoldenCase.Of("eval", "clustering_scores"))
        {
            ClusterAgreement result = ClusterAgreement.Measure(golden.Ints("in_labels"), golden.Ints("in_cluster_labels"));
            Close(golden, "out_nmi", result.Nmi);
            Close(golden, "out_ami", result.Ami);
            Close(golden, "out_ari", result.Ari);
            Close(golden, "out_homogeneity", result.Homogeneity);
            Close(golden, "out_completeness", result.Completeness);
            Close(golden, "out_v_measure", result.VMeasure);
        }
    }

    private static EmbeddingSet Set(GoldenCase golden, string values, string labels)
        => new(golden.Floats(values), golden.Shape(values)[1], golden.Ints(labels));

    private static int IndexOf(ReadOnlySpan<float> row, EmbeddingSet gallery)
    {
        for (int i = 0; i < gallery.Count; i++)
        {
            if (gallery.Row(i).SequenceEqual(row))
            {
                return i;
            }
        }

        return -1;
    }

    private static void Close(GoldenCase golden, string name, double? value, double tolerance = 1e-9)
    {
        double expected = golden.Scalar(name);
        Assert.True(
            double.IsNaN(expected) ? value is null : Math.Abs(expected - value!.Value) <= tolerance,
            $"{golden.Name} {name}: {value} instead of {expected}");
    }
}
