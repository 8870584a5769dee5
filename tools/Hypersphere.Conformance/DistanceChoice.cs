using System.Text.Json;

namespace Hypersphere.Conformance;

/// <summary>A distance of pytorch-metric-learning with its options.</summary>
/// <param name="Type">LpDistance, CosineSimilarity, DotProductSimilarity or SNRDistance.</param>
/// <param name="Normalize">Whether embeddings are divided by their lengths first.</param>
/// <param name="P">Exponent of the norm.</param>
/// <param name="Power">What the norm is raised to.</param>
internal sealed record DistanceChoice(string Type, bool Normalize, double P, double Power)
{
    /// <summary>Reads {type, p, power, normalize_embeddings}; what is missing takes the published default.</summary>
    public static DistanceChoice Of(JsonElement choice) => new(
        choice.GetProperty("type").GetString()!,
        choice.Member("normalize_embeddings")?.GetBoolean() ?? true,
        choice.Member("p")?.GetDouble() ?? 2,
        choice.Member("power")?.GetDouble() ?? 1);
}
