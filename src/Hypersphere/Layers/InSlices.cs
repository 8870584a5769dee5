using Hypersphere.Ops;
using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>A network in use, some images at a time: one thread takes a slice of the batch from the first layer to the last, so that what a layer
/// writes is near when the next one reads it.</summary>
/// <remarks>Batches are cut by their size and the network's, not by the number of threads, so bits do not depend on that. Its layers are called
/// by several threads at once.</remarks>
internal sealed class InSlices : Layer
{
    /// <summary>Images of a slice.</summary>
    private const int Size = 2;

    private readonly Layer _network;
    private readonly Shape _output;

    /// <param name="network">The whole network.</param>
    /// <param name="graph">What it does.</param>
    public InSlices(Layer network, NetworkGraph graph)
    {
        _network = Add("network", network);
        _output = graph.Nodes[graph.Output - 1].Output;
    }

    /// <summary>Whether slices pay: each reads all weights again, so these must be fewer than the values that flow through.</summary>
    public static bool Suits(NetworkGraph graph) =>
        graph.Nodes.Sum(n => n.Module.ParameterCount()) < graph.Nodes.Sum(n => (long)n.Output.Count);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        int count = x.Shape[0];
        if (count < 2 * Size || Tape.Recording is not null || GraphRecorder.Current is not null)
        {
            return _network.Forward(x);
        }

        int slices = count / Size, run = x.Count / count;
        Tensor y = Tensor.Empty(Rows(_output, count));
        ParallelRows.RunLarge(slices, i =>
        {
            int from = (int)((long)count * i / slices), to = (int)((long)count * (i + 1) / slices);
            using Scope scope = Scope.Begin();
            Tensor part = _network.Forward(Tensor.From(x.Span[(from * run)..(to * run)], Rows(x.Shape, to - from)));
            part.Span.CopyTo(y.Span[(from * _output.Count)..]);
        });
        return y;
    }

    private static Shape Rows(Shape shape, int count) => Shape.Of([count, .. shape.ToArray()[1..]]);
}
