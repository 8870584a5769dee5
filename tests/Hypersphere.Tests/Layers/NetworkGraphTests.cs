using Hypersphere.Layers;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Layers;

public sealed class NetworkGraphTests
{
    private static readonly Rng Random = new(1);

    [Fact]
    public void A_network_is_its_layers_in_order_and_sums_name_both_summands()
    {
        Conv2d first = new(3, 4, 3, Random, padding: 1), inner = new(4, 4, 3, Random, padding: 1);
        PReLU slope = new(4);
        Sequential network = new(first, new Residual(new Sequential(slope, inner)), new Dropout(0.4f), new Flatten(), new Linear(4 * 6 * 5, 7, Random));

        NetworkGraph graph = NetworkGraph.Trace(network, new Shape(1, 6, 5, 3));

        Assert.Equal(["Conv2d", "PReLU", "Conv2d", "Sum", "Flatten", "Linear"], graph.Nodes.Select(n => n.Module.GetType().Name));
        Assert.Same(inner, graph.Nodes[2].Module);
        Assert.Equal([3, 1], graph.Nodes[3].Inputs);
        Assert.Equal(new Shape(1, 6, 5, 4), graph.Nodes[3].Output);
        Assert.Equal(6, graph.Output);
        Assert.True(network.IsTraining);
    }

    [Fact]
    public void A_tensor_that_no_layer_made_is_told() =>
        Assert.Contains(
            "no layer made",
            Assert.Throws<InvalidOperationException>(() => NetworkGraph.Trace(new Doubling(), new Shape(1, 2))).Message,
            StringComparison.Ordinal);

    private sealed class Doubling : Layer
    {
        private readonly ReLU _relu;

        public Doubling() => _relu = Add("relu", new ReLU());

        protected override Tensor Compute(Tensor x)
        {
            float[] twice = [.. x.ToArray().Select(v => 2 * v)];
            return _relu.Forward(Tensor.From(twice, x.Shape));
        }
    }
}
