using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Optimizers;

/// <summary>Adam with decoupled weight decay.</summary>
/// <remarks>w ← w − η·λ·w; m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − η·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε).
/// Loshchilov and Hutter, ICLR 2019.</remarks>
/// <param name="beta1">β₁.</param>
/// <param name="beta2">β₂.</param>
/// <param name="epsilon">ε.</param>
/// <param name="weightDecay">λ.</param>
/// <param name="decayVectors">Whether biases and the scales and slopes of normalisations and activations decay too.</param>
[Component("adamw", Summary = "Adam with decoupled weight decay", Equation = "w ← w − η·(λ·w + m̂/(√v̂ + ε))", Paper = "Loshchilov and Hutter, ICLR 2019")]
public sealed class AdamW(
    [Range(0, 0.9999), Description("decay β₁ of the mean")] float beta1 = 0.9f,
    [Range(0, 0.99999), Description("decay β₂ of the square")] float beta2 = 0.999f,
    [Range(1e-12, 1), Description("ε in the denominator")] float epsilon = 1e-8f,
    [Range(0, 1), Description("decoupled weight decay λ")] float weightDecay = 0.01f,
    [Description("whether biases and normalisation scales decay too")] bool decayVectors = true)
    : Optimizer
{
    private readonly List<(Tensor Mean, Tensor Square)> _moments = [];

    /// <summary>β₁.</summary>
    public float Beta1 { get; } = beta1;

    /// <summary>β₂.</summary>
    public float Beta2 { get; } = beta2;

    /// <summary>ε.</summary>
    public float Epsilon { get; } = epsilon;

    /// <summary>λ.</summary>
    public float WeightDecay { get; } = weightDecay;

    /// <summary>Whether biases and the scales and slopes of normalisations and activations decay too.</summary>
    public bool DecayVectors { get; } = decayVectors;

    private protected override void AttachState(NamedParameter parameter)
    {
        Tensor value = parameter.Parameter.Value;
        _moments.Add((AddState($"{parameter.Name}.mean", value), AddState($"{parameter.Name}.square", value)));
    }

    private protected override OptimizerStep StepOf(int index, Parameter parameter, float learningRate, long step) => new AdamWStep(
        _moments[index].Mean, _moments[index].Square, step, learningRate, Beta1, Beta2, Epsilon,
        parameter.Kind == ParameterKind.Weight || DecayVectors ? WeightDecay : 0);
}
