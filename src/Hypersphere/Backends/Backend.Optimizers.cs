using Hypersphere.Kernels;
using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <content>Optimizer steps.</content>
internal unsafe partial class Backend
{
    public virtual void StepSgd(Tensor value, Tensor gradient, SgdStep step, float gradientScale) =>
        SgdUpdate.Step(value.Count, value.Pointer, gradient.Pointer, step.Velocity.Pointer, Rule(step, gradientScale));

    public virtual void StepAdamW(
        Tensor value, Tensor gradient, Tensor mean, Tensor square, in AdamWConstants c, float learningRate, float decay, float gradientScale) =>
        AdamWUpdate.Step(
            value.Count, value.Pointer, gradient.Pointer, mean.Pointer, square.Pointer, c.Step, learningRate, c.Beta1, c.Beta2,
            c.Epsilon, decay, gradientScale);

    private static SgdRule Rule(SgdStep step, float gradientScale) =>
        new(step.LearningRate, step.Momentum, step.Decay, step.Nesterov, gradientScale);
}

/// <summary>What does not change from parameter to parameter in a step of AdamW.</summary>
internal readonly record struct AdamWConstants(long Step, float Beta1, float Beta2, float Epsilon);
