using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Regularizers;

/// <summary>Short embeddings.</summary>
/// <remarks>R = mean over the rows of ‖x‖_p^power. Nothing is detached; a zero row gets no gradient. Cost a few N·D.</remarks>
/// <param name="p">p of the norm.</param>
/// <param name="power">What the norm is raised to.</param>
[Component(
    "lp", Summary = "short embeddings", Equation = "R = mean ‖x‖_p^power", Paper = "the classical penalty", Peers = "pytorch-metric-learning",
    Cost = "a few N·D flops; the derivatives")]
public sealed class LpNorm(
    [Range(1, 100), Description("p of the norm")] float p = 2f,
    [Range(1, 10), Description("what the norm is raised to")] float power = 1f) : Regularizer
{
    /// <summary>p of the norm.</summary>
    public float P { get; } = p;

    /// <summary>What the norm is raised to.</summary>
    public float Power { get; } = power;

    internal override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, Tensor? prototypes, int centers) =>
        Scalar.Forward([embeddings], gradients =>
        {
            (double sum, int size, int counted) = (0, embeddings.Shape[1], Math.Max(RowMean.Counted(labels.Span), 1));
            for (int i = 0; i < labels.Length; i++)
            {
                sum += labels.Span[i] < 0 ? 0 : Row(embeddings.Span.Slice(i * size, size), gradients[0].Span.Slice(i * size, size), counted);
            }

            return sum;
        });

    /// <summary>‖x‖_p^power / counted, taken relative to the largest number so that no power overflows.</summary>
    private double Row(ReadOnlySpan<float> x, Span<float> gradient, int counted)
    {
        double max = Math.Abs((double)System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(x)), sum = 0;
        if (max == 0)
        {
            return 0;
        }

        foreach (float v in x)
        {
            sum += Math.Pow(Math.Abs(v) / max, P);
        }

        double norm = max * Math.Pow(sum, 1 / (double)P), value = Math.Pow(norm, Power) / counted;
        for (int d = 0; d < x.Length; d++)
        {
            gradient[d] = (float)(Power * value / norm * Math.Sign(x[d]) * Math.Pow(Math.Abs(x[d]) / norm, P - 1));
        }

        return value;
    }
}
