using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Regularizers;

/// <summary>Every prototype far from the nearest one of another class.</summary>
/// <remarks>R = mean over the prototypes of the largest cosine with one of another class; only that one gets a gradient, which is the true
/// derivative. Cost 3 · 2·(C·K)²·D flops; holds two matrices of (C·K)² numbers. Zhao et al., CVPR 2019, eq. 5.</remarks>
[Component(
    "regular-face", Summary = "prototypes far from the nearest other class", Equation = "R = mean_c max_{j≠c} cos(w_c, wⱼ)",
    Paper = "Zhao et al., RegularFace: deep face recognition via exclusive regularization, CVPR 2019", Peers = "pytorch-metric-learning",
    Cost = "3 products of 2·C²·D flops; two C×C matrices")]
public sealed class RegularFace : Regularizer
{
    /// <inheritdoc/>
    public override bool NeedsPrototypes => true;

    internal override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, Tensor? prototypes, int centers)
    {
        Tensor unit = Similarity.Unit(prototypes!), cosines = Similarity.Products(unit, unit);
        int rows = unit.Shape[0];
        return Scalar.Forward([cosines], gradients =>
        {
            double[] largest = new double[rows];
            ParallelRows.Run(rows, i =>
            {
                int best = -1;
                for (int j = 0; j < rows; j++)
                {
                    bool other = j / centers != i / centers;
                    best = other && (best < 0 || cosines.Span[(i * rows) + j] > cosines.Span[(i * rows) + best]) ? j : best;
                }

                if (best >= 0)
                {
                    largest[i] = cosines.Span[(i * rows) + best] / (double)rows;
                    gradients[0].Span[(i * rows) + best] = 1f / rows;
                }
            });
            return largest.Sum();
        });
    }
}
