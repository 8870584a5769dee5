using Hypersphere.Backbones;
using Hypersphere.Layers;
using Hypersphere.Tensors;

namespace Hypersphere.Cli.Planning;

/// <summary>What is trained, by its size.</summary>
/// <param name="Identities">C.</param>
/// <param name="Dimension">D.</param>
/// <param name="Batch">n, images that one rank takes in a step.</param>
/// <param name="Rate">Share of the identities that a step compares with.</param>
/// <param name="Network">The network's cost.</param>
internal sealed record Workload(long Identities, int Dimension, int Batch, double Rate, NetworkSize Network);

/// <summary>What one image costs in a network, and what the network weighs.</summary>
/// <param name="Flops">Operations of one forward pass.</param>
/// <param name="Parameters">Numbers that are trained.</param>
/// <param name="Activations">Numbers that all layers together put out.</param>
internal readonly record struct NetworkSize(double Flops, double Parameters, double Activations)
{
    public static NetworkSize Of(Backbone network)
    {
        NetworkGraph graph = NetworkGraph.Trace(network, new Shape(1, network.Context.Height, network.Context.Width, network.Context.Channels));
        return new(graph.Nodes.Sum(n => (double)NetworkCost.Of(n).Flops), network.ParameterCount(), graph.Nodes.Sum(n => (double)n.Output.Count));
    }
}
