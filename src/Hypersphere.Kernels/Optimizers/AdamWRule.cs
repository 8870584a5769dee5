namespace Hypersphere.Kernels;

/// <summary>The constants of a step of AdamW.</summary>
/// <param name="Step">t, 1 for the first step.</param>
/// <param name="LearningRate">η.</param>
/// <param name="Beta1">β₁, usually 0.9.</param>
/// <param name="Beta2">β₂, usually 0.999.</param>
/// <param name="Epsilon">ε, usually 1e-8.</param>
/// <param name="WeightDecay">λ, decoupled.</param>
/// <param name="GradientScale">Factor of the gradient, such as that of clipping by norm.</param>
public readonly record struct AdamWRule(
    long Step, float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay = 0, float GradientScale = 1)
{
    // what follows from these is computed once, so “with” must not change them

    /// <summary>t, 1 for the first step.</summary>
    public long Step { get; } = Step;

    /// <summary>η.</summary>
    public float LearningRate { get; } = LearningRate;

    /// <summary>β₁.</summary>
    public float Beta1 { get; } = Beta1;

    /// <summary>β₂.</summary>
    public float Beta2 { get; } = Beta2;

    /// <summary>λ, decoupled.</summary>
    public float WeightDecay { get; } = WeightDecay;

    /// <summary>1 − η·λ.</summary>
    internal float Decay { get; } = (float)(1 - ((double)LearningRate * WeightDecay));

    /// <summary>−η/(1 − β₁ᵗ).</summary>
    internal float Rate { get; } = (float)(-LearningRate / (1 - Math.Pow(Beta1, Step)));

    /// <summary>1/√(1 − β₂ᵗ).</summary>
    internal float Correction { get; } = (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, Step)));
}
