using System.Diagnostics;
using Hypersphere.Kernels;
using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <content>Optimizer steps.</content>
internal unsafe partial class Backend
{
    public virtual void Step(Tensor value, Tensor gradient, OptimizerStep step, float gradientScale)
    {
        switch (step)
        {
            case SgdStep sgd:
                SgdUpdate.Step(value.Count, value.Pointer, gradient.Pointer, sgd.Velocity.Pointer, Rule(sgd, gradientScale));
                break;
            case AdamWStep adamW:
                AdamWUpdate.Step(value.Count, value.Pointer, gradient.Pointer, adamW.Mean.Pointer, adamW.Square.Pointer, Rule(adamW, gradientScale));
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The same of some rows: row i of the gradient belongs to row rows[i].</summary>
    public virtual void StepRows(ReadOnlySpan<int> rows, Tensor value, Tensor gradient, OptimizerStep step, float gradientScale)
    {
        int columns = value.Shape.RowCount;
        fixed (int* index = rows)
        {
            switch (step)
            {
                case SgdStep sgd:
                    TableRows.StepSgd(
                        rows.Length, columns, index, value.Pointer, gradient.Pointer, sgd.Velocity.Pointer, Rule(sgd, gradientScale));
                    break;
                case AdamWStep adamW:
                    TableRows.StepAdamW(
                        rows.Length, columns, index, value.Pointer, gradient.Pointer, adamW.Mean.Pointer, adamW.Square.Pointer, Rule(adamW, gradientScale));
                    break;
                default:
                    throw new UnreachableException();
            }
        }
    }

    /// <summary>The step taken by the backward pass of a margin softmax.</summary>
    private static PrototypeGradient Stepped(OptimizerStep step) => step switch
    {
        SgdStep sgd => PrototypeGradient.Stepped(Rule(sgd, gradientScale: 1), sgd.Velocity.Pointer),
        AdamWStep adamW => PrototypeGradient.Stepped(Rule(adamW, gradientScale: 1), adamW.Mean.Pointer, adamW.Square.Pointer),
        _ => throw new UnreachableException(),
    };

    private static SgdRule Rule(SgdStep step, float gradientScale) =>
        new(step.LearningRate, step.Momentum, step.Decay, step.Nesterov, gradientScale);

    private static AdamWRule Rule(AdamWStep step, float gradientScale) =>
        new(step.Step, step.LearningRate, step.Beta1, step.Beta2, step.Epsilon, step.Decay, gradientScale);
}
