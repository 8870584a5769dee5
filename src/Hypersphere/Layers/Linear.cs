using Hypersphere.Ops;
using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>Fully connected layer: y = x · wᵀ + b.</summary>
/// <remarks>Input [N, inputs], output [N, outputs], weight [outputs, inputs]. Cost 2 · N · inputs · outputs flops.</remarks>
public sealed class Linear : Layer
{
    private readonly int _inputs;

    /// <summary>A fully connected layer.</summary>
    /// <param name="inputs">Numbers in, at least 1.</param>
    /// <param name="outputs">Numbers out, at least 1.</param>
    /// <param name="random">Where the first weights come from.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="initializer">How weights (and bias) begin; U(±1/√inputs) by default.</param>
    /// <param name="layout">How files hold the weight, when the input is a flattened image.</param>
    public Linear(int inputs, int outputs, Rng random, bool bias = true, Initializer? initializer = null, FileLayout? layout = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        _inputs = inputs;
        initializer ??= Initializers.FanIn;
        Weight = Add("weight", new Parameter(new Shape(outputs, inputs), ParameterKind.Weight, layout));
        initializer(Weight.Value.Span, inputs, outputs, random.Fork("weight"));
        if (bias)
        {
            Bias = Add("bias", new Parameter(new Shape(outputs), ParameterKind.Vector));
            Initializers.FanIn(Bias.Value.Span, inputs, outputs, random.Fork("bias"));
        }
    }

    /// <summary>[outputs, inputs].</summary>
    public Parameter Weight { get; }

    /// <summary>[outputs], if there is one.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Shape.Rank != 2 || x.Shape[1] != _inputs)
        {
            Throw.Shape("Linear", "the input", $"[N, {_inputs}]", x.Shape.ToString(), x.Shape.Rank == 4 ? "put a Flatten before it" : null);
        }

        return MatMul.Forward(x, Weight.Value, Bias?.Value);
    }
}
