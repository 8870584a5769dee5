using Hypersphere.Backbones;
using Hypersphere.Layers;
using Hypersphere.Tensors;

namespace Hypersphere.Training;

/// <summary>Keeps the first layers of a network as they are.</summary>
internal static class Freezing
{
    /// <summary>Freezes all that comes before the last layers with weights, in the order of computation; a normalisation or activation goes
    /// with the weights before it.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="layers">How many convolutions and linear layers go on training, from 0.</param>
    /// <exception cref="InputException">The network has not so many.</exception>
    public static void AllBut(Backbone backbone, int layers)
    {
        BackboneContext c = backbone.Context;
        Module[] order = [.. NetworkGraph.Trace(backbone, new Shape(1, c.Height, c.Width, c.Channels)).Nodes.Select(n => n.Module)];
        int[] weighted = [.. order.Index().Where(n => n.Item.Parameters().Any(p => p.Parameter.Kind == ParameterKind.Weight)).Select(n => n.Index)];
        if (layers > weighted.Length)
        {
            throw new InputException($"{layers} layers cannot train: the network has {weighted.Length} with weights; ask for fewer, or train all.");
        }

        backbone.Freeze();
        foreach (Module module in layers == 0 ? [] : order[weighted[^layers]..])
        {
            module.Freeze(frozen: false);
        }
    }
}
