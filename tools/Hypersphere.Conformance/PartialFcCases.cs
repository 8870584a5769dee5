namespace Hypersphere.Conformance;

/// <summary>Softmax over a sample of the classes, split over ranks.</summary>
internal static class PartialFcCases
{
    /// <summary>By published name.</summary>
    public static IReadOnlyDictionary<string, CaseFunction> Names { get; } = new Dictionary<string, CaseFunction>(StringComparer.Ordinal);
}
