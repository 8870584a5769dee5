using System.ComponentModel;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>Gradients that depend on the angles alone, without a scale or a margin to choose.</summary>
/// <remarks>ℓ = mean over rows and classes of (cos θⱼ − [j = y])², whose gradient cos θⱼ − [j = y] is the paper's up to a factor. Nothing
/// is detached; <c>normalizePrototypes</c> off takes prototypes as they are, so that their gradient is not bound to the sphere. Cost 3 ·
/// 2·N·C·D flops; holds two N×C matrices, the cosines and their derivatives. Zhang et al., CVPR 2019, eq. 12.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="normalizePrototypes">Whether prototypes are divided by their lengths.</param>
[Component(
    "p2sgrad", Summary = "squared error of the cosines: gradients by angle alone", Equation = "ℓ = meanⱼ (cos θⱼ − [j = y])²",
    Paper = "Zhang et al., P2SGrad: refined gradients for optimizing deep face models, CVPR 2019",
    Peers = "pytorch-metric-learning, which sets prototypes to length 1 and leaves their gradient unprojected: normalize_prototypes=false",
    Cost = "3 products of 2·N·C·D flops; N×C cosines and their derivatives")]
public sealed class P2SGrad(
    LossContext context, [Description("whether prototypes are divided by their lengths")] bool normalizePrototypes = true) : ProxyLoss(context)
{
    /// <summary>Whether prototypes are divided by their lengths.</summary>
    public bool NormalizePrototypes { get; } = normalizePrototypes;

    /// <inheritdoc/>
    public override bool DependsOnLength => !NormalizePrototypes;

    /// <inheritdoc/>
    public override (float[] Values, float[] Slopes)? TargetCurve(ReadOnlySpan<double> theta, float norm = 1) =>
        Sample(theta, c => (c - (c * c / 2), 1 - c));

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights)
    {
        Tensor prototypes = NormalizePrototypes ? Similarity.Unit(Prototypes.Value) : Prototypes.Value;
        Tensor cosines = Similarity.Products(Similarity.Unit(embeddings), prototypes);
        return RowFunction.Forward(cosines, labels, sampleWeights, focal: 0, (row, values, gradient) =>
        {
            double sum = 0;
            for (int j = 0; j < values.Length; j++)
            {
                double error = values[j] - (j == labels.Span[row] ? 1 : 0);
                sum += error * error;
                gradient[j] = (float)(2 * error / values.Length);
            }

            return sum / values.Length;
        });
    }
}
