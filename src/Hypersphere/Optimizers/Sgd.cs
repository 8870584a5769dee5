using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Optimizers;

/// <summary>Stochastic gradient descent with momentum, in PyTorch's form.</summary>
/// <remarks>g ← g + λ·w; v ← μ·v + g; w ← w − η·v, or with Nesterov w ← w − η·(g + μ·v). Sutskever et al., ICML 2013.</remarks>
/// <param name="momentum">μ.</param>
/// <param name="weightDecay">λ, coupled: scaled by the learning rate.</param>
/// <param name="nesterov">Whether the step looks ahead.</param>
/// <param name="decayVectors">Whether biases and the scales and slopes of normalisations and activations decay too.</param>
[Component("sgd", Summary = "momentum, coupled weight decay", Equation = "v ← μ·v + g + λ·w; w ← w − η·v", Paper = "Sutskever et al., ICML 2013")]
public sealed class Sgd(
    [Range(0, 0.9999), Description("momentum μ")] float momentum = 0.9f,
    [Range(0, 1), Description("weight decay λ")] float weightDecay = 5e-4f,
    [Description("Nesterov's look-ahead")] bool nesterov = false,
    [Description("whether biases and normalisation scales decay too")] bool decayVectors = true)
    : Optimizer
{
    private readonly List<Tensor> _velocities = [];

    /// <summary>μ.</summary>
    public float Momentum { get; } = momentum;

    /// <summary>λ.</summary>
    public float WeightDecay { get; } = weightDecay;

    /// <summary>Whether the step looks ahead.</summary>
    public bool Nesterov { get; } = nesterov;

    /// <summary>Whether biases and the scales and slopes of normalisations and activations decay too.</summary>
    public bool DecayVectors { get; } = decayVectors;

    private protected override void AttachState(NamedParameter parameter) =>
        _velocities.Add(AddState($"{parameter.Name}.velocity", parameter.Parameter.Value));

    private protected override OptimizerStep StepOf(int index, Parameter parameter, float learningRate, long step) => new SgdStep(
        _velocities[index], learningRate, Momentum, parameter.Kind == ParameterKind.Weight || DecayVectors ? WeightDecay : 0, Nesterov);
}
