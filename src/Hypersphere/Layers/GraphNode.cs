using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>One application of a layer or join inside a network.</summary>
/// <param name="Module">A <see cref="Layer"/> without layers of its own, or a <see cref="Join"/>.</param>
/// <param name="Inputs">Which values it takes: 0 is the network's input, i + 1 the output of node i.</param>
/// <param name="Output">Shape of its output for a batch of one.</param>
public sealed record GraphNode(Module Module, IReadOnlyList<int> Inputs, Shape Output);
