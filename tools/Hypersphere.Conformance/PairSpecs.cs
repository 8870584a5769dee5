using System.Text.Json;
using Hypersphere.Losses.Pairs;

namespace Hypersphere.Conformance;

/// <summary>Distances and reducers of pytorch-metric-learning as the library's.</summary>
internal static class PairSpecs
{
    /// <summary>The distance of a case, or the function's own.</summary>
    public static Distance DistanceOr(this Case c, Distance fallback) => c.Distance is { } choice ? Of(choice) : fallback;

    /// <summary>The reduction of a case, or the function's own.</summary>
    public static Reduction ReductionOr(this Case c, Reduction fallback) => c.Hyper("reducer") is { } choice ? Of(choice) : fallback;

    private static Distance Of(DistanceChoice choice) => choice.Type switch
    {
        "LpDistance" => new LpDistance((float)choice.P, (float)choice.Power, choice.Normalize),
        "CosineSimilarity" => new CosineSimilarity(),
        "DotProductSimilarity" => new DotSimilarity(choice.Normalize),
        "SNRDistance" => new SnrDistance(choice.Normalize),
        _ => throw new InputException($"there is no distance {choice.Type}"),
    };

    /// <summary>A name, or an object of type and options.</summary>
    private static Reduction Of(JsonElement choice)
    {
        string type = choice.ValueKind == JsonValueKind.String ? choice.GetString()! : choice.GetProperty("type").GetString()!;
        return type switch
        {
            "MeanReducer" => new MeanReduction(),
            "AvgNonZeroReducer" => new NonZeroMeanReduction(),
            "SumReducer" => new SumReduction(),
            "ThresholdReducer" => new ThresholdReduction(
                (float)(choice.Member("low")?.GetDouble() ?? -1e6), (float)(choice.Member("high")?.GetDouble() ?? 1e6)),
            "ClassWeightedReducer" => new ClassWeightedReduction([.. choice.GetProperty("weights").EnumerateArray().Select(w => (float)w.GetDouble())]),
            _ => throw new InputException($"there is no reducer {type}"),
        };
    }
}
