using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>What a network does to its input, layer by layer: what plans, exports and cost tables read.</summary>
/// <param name="Input">Shape of the input for a batch of one.</param>
/// <param name="Nodes">In the order of computation.</param>
/// <param name="Output">The value that is the result: 0 is the input, i + 1 the output of node i.</param>
public sealed record NetworkGraph(Shape Input, IReadOnlyList<GraphNode> Nodes, int Output)
{
    /// <summary>Runs the network once on zeros, as it is in use (no batch statistics, no dropout), while its layers note what they do.</summary>
    /// <param name="network">A network made of layers and joins.</param>
    /// <param name="input">[1, H, W, C].</param>
    /// <exception cref="InvalidOperationException">The network computes with something other than layers in between.</exception>
    /// <exception cref="ShapeException">It does not take such an input.</exception>
    public static NetworkGraph Trace(Layer network, Shape input)
    {
        ArgumentNullException.ThrowIfNull(network);
        bool training = network.IsTraining;
        GraphRecorder? outer = GraphRecorder.Current;
        using Scope scope = Scope.Begin();
        try
        {
            network.SetTraining(false);
            Tensor x = Tensor.Zeros(input);
            GraphRecorder recorder = GraphRecorder.Current = new GraphRecorder(x);
            int output = recorder.ValueOf(network.Forward(x), network);
            return new NetworkGraph(input, recorder.Nodes, output);
        }
        finally
        {
            GraphRecorder.Current = outer;
            network.SetTraining(training);
        }
    }
}
