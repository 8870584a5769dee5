using System.Text.Json.Serialization;

namespace Hypersphere.Training;

/// <summary>Lists of names and training options as JSON, without reflection.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(TrainingOptions))]
internal sealed partial class TrainingJson : JsonSerializerContext;
