namespace Hypersphere.Tests.Losses;

/// <summary>The certificates of losses over pairs and tuples.</summary>
internal static class PairOracles
{
    public static IReadOnlyDictionary<string, Certificate> All { get; } = new Dictionary<string, Certificate>(StringComparer.Ordinal);
}
