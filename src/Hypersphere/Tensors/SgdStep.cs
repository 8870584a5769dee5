namespace Hypersphere.Tensors;

/// <summary>A step of stochastic gradient descent: h = g + λ·w; v ← μ·v + h; w ← w − η·v, or w − η·(h + μ·v) with Nesterov.</summary>
internal sealed record SgdStep(Tensor Velocity, float LearningRate, float Momentum, float Decay, bool Nesterov);
