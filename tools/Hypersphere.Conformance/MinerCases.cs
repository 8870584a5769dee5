namespace Hypersphere.Conformance;

/// <summary>Miners of pairs and triplets.</summary>
internal static class MinerCases
{
    /// <summary>By published name.</summary>
    public static IReadOnlyDictionary<string, CaseFunction> Names { get; } = new Dictionary<string, CaseFunction>(StringComparer.Ordinal);
}
