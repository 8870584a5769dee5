using Hypersphere.Ops;
using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>max(x, 0), on any shape.</summary>
public sealed class ReLU : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Rectify.Relu(x);
}

/// <summary>x where positive, a · x elsewhere, a learned (He et al., ICCV 2015).</summary>
public sealed class PReLU : Layer
{
    private readonly int _channels;

    /// <summary>One slope for each channel of the last axis, or a single one.</summary>
    /// <param name="channels">Channels, or 1 for a slope that all share.</param>
    /// <param name="initial">First value of the slopes.</param>
    public PReLU(int channels, float initial = 0.25f)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        _channels = channels;
        Slope = Add("weight", new Parameter(new Shape(channels), ParameterKind.Vector));
        Slope.Value.Span.Fill(initial);
    }

    /// <summary>a, [C] or [1].</summary>
    public Parameter Slope { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Shape.Rank == 0 || (_channels != 1 && x.Shape[-1] != _channels))
        {
            Throw.Shape("PReLU", "the input's last dimension", $"{_channels}", x.Shape.ToString());
        }

        return Rectify.PRelu(x, Slope.Value);
    }
}

/// <summary>Sets a share of the numbers to zero while training and scales the others up (Srivastava et al., JMLR 2014).</summary>
public sealed class Dropout : Layer
{
    private readonly float _rate;

    /// <summary>Dropout.</summary>
    /// <param name="rate">Share that is dropped, 0 ≤ rate &lt; 1.</param>
    public Dropout(float rate)
    {
        if (!(rate is >= 0 and < 1))
        {
            Throw.Argument("Dropout", "the rate", "at least 0 and less than 1", $"{rate}");
        }

        _rate = rate;
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) =>
        IsTraining && _rate > 0 ? Drop.Forward(x, 1 - _rate, StepRandom.NextBits(), (long)FirstRow * x.Shape.RowCount) : x;
}

/// <summary>x where positive, slope · x elsewhere, the slope fixed.</summary>
public sealed class LeakyReLU : Layer
{
    private readonly Tensor _slope;

    /// <summary>A leaky rectifier.</summary>
    /// <param name="slope">Slope below 0.</param>
    public LeakyReLU(float slope = 0.01f)
    {
        _slope = Tensor.EmptyUnscoped(new Shape(1));
        _slope.Span[0] = slope;
    }

    /// <summary>Slope below 0.</summary>
    public float Slope => _slope.Span[0];

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Rectify.PRelu(x, _slope);
}

/// <summary>x clamped to a range, such as 0 … 6.</summary>
/// <param name="low">Least value.</param>
/// <param name="high">Largest value.</param>
public sealed class Clip(float low, float high) : Layer
{
    /// <summary>Least value.</summary>
    public float Low { get; } = low;

    /// <summary>Largest value.</summary>
    public float High { get; } = high;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Pointwise.Clip(x, Low, High);
}

/// <summary>1 / (1 + e^−x).</summary>
public sealed class Sigmoid : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Pointwise.Sigmoid(x);
}
