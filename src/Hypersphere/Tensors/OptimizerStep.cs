namespace Hypersphere.Tensors;

/// <summary>What an optimizer does to a parameter that has a gradient.</summary>
internal abstract record OptimizerStep;

/// <summary>A step of stochastic gradient descent: h = g + λ·w; v ← μ·v + h; w ← w − η·v, or w − η·(h + μ·v) with Nesterov.</summary>
internal sealed record SgdStep(Tensor Velocity, float LearningRate, float Momentum, float Decay, bool Nesterov) : OptimizerStep;

/// <summary>Step t of AdamW: m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − η·(λ·w + (m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε)).</summary>
internal sealed record AdamWStep(
    Tensor Mean, Tensor Square, long Step, float LearningRate, float Beta1, float Beta2, float Epsilon, float Decay) : OptimizerStep;
