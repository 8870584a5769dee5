using Hypersphere.Kernels;
using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <content>Some rows of a table: row i of the smaller tensor belongs to row rows[i].</content>
internal unsafe partial class Backend
{
    public virtual void GatherRows(Tensor table, ReadOnlySpan<int> rows, Tensor y)
    {
        fixed (int* index = rows)
        {
            TableRows.Gather(rows.Length, table.Shape.RowCount, index, table.Pointer, y.Pointer);
        }
    }

    /// <summary>table[rows[i]] += x[i].</summary>
    public virtual void AddToRows(Tensor x, ReadOnlySpan<int> rows, Tensor table)
    {
        fixed (int* index = rows)
        {
            TableRows.Add(rows.Length, table.Shape.RowCount, x.Pointer, index, table.Pointer);
        }
    }

    public virtual void StepSgdRows(ReadOnlySpan<int> rows, Tensor value, Tensor gradient, SgdStep step, float gradientScale)
    {
        fixed (int* index = rows)
        {
            TableRows.StepSgd(
                rows.Length, value.Shape.RowCount, index, value.Pointer, gradient.Pointer, step.Velocity.Pointer, Rule(step, gradientScale));
        }
    }

    public virtual void StepAdamWRows(
        ReadOnlySpan<int> rows, Tensor value, Tensor gradient, Tensor mean, Tensor square, in AdamWConstants c, float learningRate, float decay,
        float gradientScale)
    {
        fixed (int* index = rows)
        {
            TableRows.StepAdamW(
                rows.Length, value.Shape.RowCount, index, value.Pointer, gradient.Pointer, mean.Pointer, square.Pointer, c.Step, learningRate,
                c.Beta1, c.Beta2, c.Epsilon, decay, gradientScale);
        }
    }
}
