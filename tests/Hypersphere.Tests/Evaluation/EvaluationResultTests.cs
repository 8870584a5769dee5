using System.Text.Json;
using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public class EvaluationResultTests
{
    [Fact]
    public void Json_has_the_documented_names()
    {
        EmbeddingSet set = TestSets.Clusters(300, 5, 6, 1);
        VerificationPairs pairs = VerificationPairs.Balanced(set.Labels, 200, new Rng(3));
        float[] prototypes = TestSets.Clusters(6, 5, 6, 2).Values;
        EvaluationResult result = EvaluationResult.Measure(set, pairs, prototypes);
        JsonElement json = JsonDocument.Parse(result.ToJson()).RootElement;
        foreach (string name in new[]
        {
            "precision_at_1", "r_precision", "map_at_r", "verification_accuracy", "verification_std", "auc", "eer",
            "angle_to_prototype_deg",
            "angle_to_centre_deg", "centre_angle_nearest_deg", "prototype_to_centre_deg", "prototype_angle_min_deg",
            "prototype_angle_mean_deg", "prototype_angle_nearest_deg", "closed_set_accuracy", "samples", "classes", "embedding_size",
        })
        {
            Assert.Equal(JsonValueKind.Number, json.GetProperty(name).ValueKind);
        }

        Assert.Equal(result.Retrieval.MapAtR, json.GetProperty("map_at_r").GetDouble());
        Assert.Equal(result.Verification!.Curve.TarAt(1e-2).Tar, json.GetProperty("tar_at_far").GetProperty("1e-2").GetDouble());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("tar_at_far").GetProperty("1e-3").ValueKind);
        Assert.Equal(JsonValueKind.Number, json.GetProperty("recall_at").GetProperty("8").ValueKind);
    }

    [Fact]
    public void Intervals_come_along_when_there_are_some()
    {
        EmbeddingSet set = TestSets.Clusters(300, 5, 6, 1);
        EvaluationResult result = EvaluationResult.Measure(set, VerificationPairs.Balanced(set.Labels, 200, new Rng(3)));
        Assert.False(JsonDocument.Parse(result.ToJson()).RootElement.TryGetProperty("intervals", out _));
        result = result with { Intervals = Bootstrap.Of(result.Verification!, new Rng(0), null, 20) };
        JsonElement intervals = JsonDocument.Parse(result.ToJson()).RootElement.GetProperty("intervals");
        Assert.Equal(2, intervals.GetProperty("auc").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, intervals.GetProperty("tar_at_far").GetProperty("1e-3").ValueKind);
    }

    [Fact]
    public void Undefined_measures_are_null()
    {
        JsonElement json = JsonDocument.Parse(EvaluationResult.Measure(new EmbeddingSet([1, 0], 2, [0])).ToJson()).RootElement;
        foreach (string name in new[]
        {
            "precision_at_1", "verification_accuracy", "auc", "eer", "angle_to_prototype_deg", "angle_to_centre_deg",
        })
        {
            Assert.Equal(JsonValueKind.Null, json.GetProperty(name).ValueKind);
        }
    }

    [Fact]
    public void A_false_accept_rate_is_named_in_powers_of_ten()
    {
        EvaluationResult result = EvaluationResult.Measure(new EmbeddingSet([1, 0], 2, [0])) with { Fars = [0.01, 0.001, 0.05, 1e-6] };
        JsonElement rates = JsonDocument.Parse(result.ToJson()).RootElement.GetProperty("tar_at_far");
        Assert.Equal(["1e-2", "1e-3", "5e-2", "1e-6"], rates.EnumerateObject().Select(p => p.Name));
    }
}
