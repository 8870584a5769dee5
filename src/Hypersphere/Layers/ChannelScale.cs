using Hypersphere.Ops;
using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>y = scale · x + shift with fixed numbers for each channel of the last axis: an input's normalisation inside a network.</summary>
public sealed class ChannelScale : Layer
{
    /// <summary>Zeros and ones until <see cref="Scale"/> and <see cref="Shift"/> are written.</summary>
    /// <param name="channels">C.</param>
    public ChannelScale(int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        (Scale, Shift) = (AddBuffer("scale", new Shape(channels), 1), AddBuffer("shift", new Shape(channels), 0));
    }

    /// <summary>[C].</summary>
    public Tensor Scale { get; }

    /// <summary>[C].</summary>
    public Tensor Shift { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Shape[-1] != Scale.Count)
        {
            Throw.Shape("ChannelScale", "the input's last dimension", $"{Scale.Count}", x.Shape.ToString());
        }

        return ChannelAffine.Forward(x, Scale, Shift);
    }
}
