using Hypersphere.Losses.Pairs;

namespace Hypersphere.Conformance;

/// <summary>The library's distances by the names of pytorch-metric-learning.</summary>
internal static class Distances
{
    /// <summary>The distance that a case asks for, else the function's own.</summary>
    public static Distance Of(Case input, Distance own) => input.Distance is { } choice ? Of(choice) : own;

    private static Distance Of(DistanceChoice choice) => choice.Type switch
    {
        "LpDistance" => new LpDistance((float)choice.P, (float)choice.Power, choice.Normalize),
        "CosineSimilarity" => new CosineSimilarity(),
        "DotProductSimilarity" => new DotSimilarity(choice.Normalize),
        _ => throw new NotImplementedException($"nothing stands in for the distance {choice.Type}"),
    };
}
