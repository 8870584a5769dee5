namespace Hypersphere.Onnx;

/// <summary>What an ONNX file holds, as far as convolutional networks need it.</summary>
/// <param name="Opset">Version of the standard operators.</param>
/// <param name="Nodes">In the order of computation.</param>
/// <param name="Constants">Weights and other constants by name.</param>
/// <param name="Inputs">What must be fed: name and extents, 0 where unknown.</param>
/// <param name="Outputs">Names of the results.</param>
/// <param name="Metadata">Texts by name.</param>
internal sealed record OnnxModel(
    long Opset, IReadOnlyList<OnnxNode> Nodes, IReadOnlyDictionary<string, OnnxTensor> Constants, IReadOnlyList<OnnxInput> Inputs,
    IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, string> Metadata);

/// <summary>An input with its extents, 0 where the file leaves one open.</summary>
internal sealed record OnnxInput(string Name, int[] Extents);

/// <summary>One operation.</summary>
/// <param name="Operator">Such as «Conv».</param>
/// <param name="Name">What the file calls it; perhaps empty.</param>
/// <param name="Inputs">Names of values and constants; an empty one was left out.</param>
/// <param name="Outputs">Names of what it makes.</param>
/// <param name="Attributes">By name.</param>
internal sealed record OnnxNode(
    string Operator, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, OnnxAttribute> Attributes)
{
    /// <summary>For messages: the operator with its name, or with what it makes.</summary>
    public override string ToString() => $"{Operator} '{(Name.Length > 0 ? Name : (Outputs.Count > 0 ? Outputs[0] : ""))}'";
}

/// <summary>A setting of an operation; whichever of these the file gives.</summary>
internal sealed record OnnxAttribute(long[] Whole, float[] Real, string? Text, OnnxTensor? Tensor);

/// <summary>Numbers with a shape. <see cref="Values"/> is null where only the shape was stored.</summary>
/// <param name="Extents">Empty for a single number.</param>
/// <param name="Values">As floats.</param>
/// <param name="IsShape">Whether the file holds them as int64, as it must for shapes.</param>
internal sealed record OnnxTensor(int[] Extents, float[]? Values, bool IsShape = false)
{
    public long Count => Extents.Aggregate(1L, (a, b) => a * b);
}
