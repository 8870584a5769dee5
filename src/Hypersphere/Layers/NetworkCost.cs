using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>What one image costs in a network.</summary>
/// <param name="Parameters">Numbers that training changes.</param>
/// <param name="Flops">Floating-point operations of convolutions and linear layers for one image: two for each multiply and add. Papers that
/// count multiply-adds report half of it.</param>
public readonly record struct NetworkCost(long Parameters, long Flops)
{
    /// <summary>Of a whole network.</summary>
    /// <param name="network">What to measure; it is run once on zeros.</param>
    /// <param name="input">[1, H, W, C].</param>
    /// <exception cref="ShapeException">It does not take such an input.</exception>
    public static NetworkCost Of(Layer network, Shape input)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new(network.ParameterCount(), NetworkGraph.Trace(network, input).Nodes.Sum(n => Of(n).Flops));
    }

    /// <summary>Of one application of a layer.</summary>
    /// <param name="node">A step of a traced network.</param>
    public static NetworkCost Of(GraphNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        long perOutput = node.Module switch
        {
            Conv2d c => 2L * (c.Inputs / c.Groups) * c.Kernel * c.Kernel,
            DepthwiseConv2d d => 2L * d.Kernel * d.Kernel,
            Linear l => 2L * l.Weight.Value.Shape[1],
            _ => 0,
        };
        return new(node.Module.ParameterCount(), perOutput * node.Output.Count);
    }
}
