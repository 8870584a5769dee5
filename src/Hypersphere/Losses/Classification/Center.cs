using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>The squared distance of embeddings from the centre of their class; joined to a classifier, as in «softmax +
/// 0.003*center».</summary>
/// <remarks>ℓᵢ = ‖xᵢ − c_y‖², mean over the rows that count, without the paper's ½; neither embeddings nor centres are normalised, and
/// centres are parameters that the optimizer trains (the paper moves them by an average of its own). Nothing is detached. Cost 3·N·D flops;
/// holds the derivatives by embeddings and centres. Wen et al., ECCV 2016, eq. 2.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
[Component(
    "center", Summary = "squared distance from the class centre, a term beside a classifier", Equation = "ℓ = ‖x − c_y‖²",
    Paper = "Wen et al., A discriminative feature learning approach for deep face recognition, ECCV 2016",
    Peers = "pytorch-center-loss, to 10⁻¹² a class; the paper has ½ and moves centres by an average",
    Cost = "3·N·D flops; the derivatives by embeddings and centres")]
public sealed class Center(LossContext context) : ProxyLoss(context)
{
    /// <inheritdoc/>
    public override bool DependsOnLength => true;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights) =>
        Scalar.Forward([embeddings, Prototypes.Value], gradients =>
        {
            (int size, double sum) = (embeddings.Shape[1], 0);
            double share = 1.0 / Math.Max(RowMean.Counted(labels.Span), 1);
            for (int i = 0; i < labels.Length; i++)
            {
                if (labels.Span[i] is >= 0 and int label)
                {
                    double weight = share * (sampleWeights.IsEmpty ? 1 : sampleWeights.Span[i]);
                    for (int d = 0; d < size; d++)
                    {
                        double difference = (double)embeddings.Span[(i * size) + d] - Prototypes.Value.Span[(label * size) + d];
                        sum += weight * difference * difference;
                        gradients[0].Span[(i * size) + d] = (float)(2 * weight * difference);
                        gradients[1].Span[(label * size) + d] -= (float)(2 * weight * difference);
                    }
                }
            }

            return sum;
        });
}
