using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Regularizers;

/// <summary>Prototypes of one length, so that no class is favoured.</summary>
/// <remarks>R = 1/(4C)·Σ_c (‖w_c‖² − mean ‖w‖²)². Nothing is detached. Cost 2·C·D flops. Wu et al., 2017, eq. 5.</remarks>
[Component(
    "center-invariant", Summary = "prototypes of one length", Equation = "R = 1/(4C)·Σ (‖w_c‖² − mean ‖w‖²)²",
    Paper = "Wu et al., Deep face recognition with center invariant loss, ACM MM Workshops 2017", Peers = "pytorch-metric-learning",
    Cost = "2·C·D flops; unit prototypes")]
public sealed class CenterInvariant : Regularizer
{
    /// <inheritdoc/>
    public override bool NeedsPrototypes => true;

    internal override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, Tensor? prototypes, int centers)
    {
        Tensor norms = Similarity.Norms(prototypes!);
        return Scalar.Forward([norms], gradients =>
        {
            double[] squares = Array.ConvertAll(norms.ToArray(), n => (double)n * n);
            (double mean, double sum) = (squares.Average(), 0);
            for (int c = 0; c < squares.Length; c++)
            {
                double deviation = squares[c] - mean; // Σ of all deviations is 0, so the mean passes no gradient
                sum += deviation * deviation / 4 / squares.Length;
                gradients[0].Span[c] = (float)(deviation * norms.Span[c] / squares.Length);
            }

            return sum;
        });
    }
}
