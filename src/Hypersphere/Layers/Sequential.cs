using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>Layers one after another; parameters are named by their index, as in PyTorch.</summary>
public sealed class Sequential : Layer
{
    private readonly Layer[] _layers;

    /// <summary>Chains layers.</summary>
    public Sequential(params Layer[] layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _layers = layers;
        for (int i = 0; i < layers.Length; i++)
        {
            Add($"{i}", layers[i]);
        }
    }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>Applies layers one after another; what is between them goes back to the pool at once where no gradient needs it.</summary>
    internal static Tensor Chain(IReadOnlyList<Layer> layers, Tensor x)
    {
        Tensor current = x;
        foreach (Layer layer in layers)
        {
            Tensor next = layer.Forward(current);
            if (!next.NeedsGradient && next != current && current != x)
            {
                current.Release();
            }

            current = next;
        }

        return current;
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Chain(_layers, x);
}
