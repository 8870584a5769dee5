using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>Listens to the layers of this thread while a <see cref="NetworkGraph"/> is traced.</summary>
internal sealed class GraphRecorder
{
    private readonly Dictionary<Tensor, int> _values = new(ReferenceEqualityComparer.Instance);

    public GraphRecorder(Tensor input) => _values[input] = 0;

    [field: ThreadStatic]
    public static GraphRecorder? Current { get; set; }

    public List<GraphNode> Nodes { get; } = [];

    /// <summary>Notes that a module made a tensor of others; one that hands on its input (dropout in use) leaves no node.</summary>
    /// <exception cref="InvalidOperationException">An input was made by something that is not a layer.</exception>
    public void Record(Module module, Tensor output, params ReadOnlySpan<Tensor> inputs)
    {
        if (_values.ContainsKey(output))
        {
            return;
        }

        int[] values = new int[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            values[i] = ValueOf(inputs[i], module);
        }

        Nodes.Add(new GraphNode(module, values, output.Shape));
        _values[output] = Nodes.Count;
    }

    public int ValueOf(Tensor tensor, Module module) => _values.TryGetValue(tensor, out int value)
        ? value
        : throw new InvalidOperationException(
            $"{module.GetType().Name}: takes a tensor that no layer made, so the network cannot be traced; compute with layers only.");
}
