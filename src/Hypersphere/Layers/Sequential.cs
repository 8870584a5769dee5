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

    internal ReadOnlySpan<Layer> Parts => _layers;

    /// <summary>Applies layers one after another; what is between them goes back to the pool at once where no gradient needs it.</summary>
    internal static Tensor Chain(ReadOnlySpan<Layer> layers, Tensor x)
    {
        Tensor current = x;
        for (int i = 0; i < layers.Length; i++)
        {
            Tensor? both = layers[i] is BatchNorm norm && i + 1 < layers.Length && layers[i + 1] is PReLU rectifier ? norm.TryForward(current, rectifier) : null;
            i += both is null ? 0 : 1;
            Tensor next = both ?? layers[i].Forward(current);
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
