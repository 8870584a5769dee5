using Hypersphere.Kernels;
using Hypersphere.Optimizers;
using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <content>Optimizer steps.</content>
internal unsafe partial class Backend
{
    public virtual void StepSgd(
        Tensor value, Tensor gradient, Tensor velocity, float learningRate, float momentum, float decay, bool nesterov, float gradientScale) =>
        SgdUpdate.Step(
            value.Count, value.Pointer, gradient.Pointer, velocity.Pointer, learningRate, momentum, decay, nesterov, gradientScale);

    public virtual void StepAdamW(
        Tensor value, Tensor gradient, Tensor mean, Tensor square, AdamW options, float learningRate, float decay, float gradientScale) =>
        AdamWUpdate.Step(
            value.Count, value.Pointer, gradient.Pointer, mean.Pointer, square.Pointer, options.Steps, learningRate, options.Beta1, options.Beta2,
            options.Epsilon, decay, gradientScale);
}
