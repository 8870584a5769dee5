using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Regularizers;

/// <summary>Embeddings whose numbers sum to zero.</summary>
/// <remarks>R = mean over the rows of |Σ_d x_d|. Nothing is detached; where the sum is 0 the gradient is 0. Cost 2·N·D flops.</remarks>
[Component(
    "zero-mean", Summary = "embeddings whose numbers sum to zero", Equation = "R = mean |Σ_d x_d|", Paper = "pytorch-metric-learning",
    Peers = "pytorch-metric-learning", Cost = "2·N·D flops; the derivatives")]
public sealed class ZeroMean : Regularizer
{
    internal override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, Tensor? prototypes, int centers) =>
        Scalar.Forward([embeddings], gradients =>
        {
            (double total, int size, int counted) = (0, embeddings.Shape[1], Math.Max(RowMean.Counted(labels.Span), 1));
            for (int i = 0; i < labels.Length; i++)
            {
                double sum = 0;
                foreach (float v in embeddings.Span.Slice(i * size, size))
                {
                    sum += labels.Span[i] < 0 ? 0 : v;
                }

                total += Math.Abs(sum) / counted;
                gradients[0].Span.Slice(i * size, size).Fill((float)Math.Sign(sum) / counted);
            }

            return total;
        });
}
