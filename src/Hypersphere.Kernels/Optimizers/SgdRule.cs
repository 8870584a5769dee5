namespace Hypersphere.Kernels;

/// <summary>The constants of a step of stochastic gradient descent.</summary>
/// <param name="LearningRate">η.</param>
/// <param name="Momentum">μ, 0 ≤ μ &lt; 1.</param>
/// <param name="WeightDecay">λ, added to the gradient as λ·w.</param>
/// <param name="Nesterov">Nesterov's look-ahead.</param>
/// <param name="GradientScale">Factor of the gradient, such as that of clipping by norm.</param>
public readonly record struct SgdRule(float LearningRate, float Momentum, float WeightDecay = 0, bool Nesterov = false, float GradientScale = 1);
