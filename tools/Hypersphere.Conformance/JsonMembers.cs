using System.Text.Json;

namespace Hypersphere.Conformance;

/// <summary>Reading objects of which members may be left out.</summary>
internal static class JsonMembers
{
    /// <summary>A member, or null where it is null or missing or this is no object.</summary>
    public static JsonElement? Member(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
