namespace Hypersphere.Conformance;

/// <summary>Losses over pairs and triplets.</summary>
internal static class PairCases
{
    /// <summary>By published name.</summary>
    public static IReadOnlyDictionary<string, CaseFunction> Names { get; } = new Dictionary<string, CaseFunction>(StringComparer.Ordinal);
}
