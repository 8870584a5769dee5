using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypersphere.Losses.Classification;

/// <summary>ArcFace with K prototypes a class, of which the nearest counts: wrong labels gather around centres of their own.</summary>
/// <remarks>cosⱼ = maxₖ x̂·ŵⱼₖ before the margin, then ArcFace; only the nearest sub-centre gets a gradient, which is the true derivative.
/// Row c·K + k of the prototypes is sub-centre k of class c. Cost 3 · 2·N·C·K·D flops; holds two N×C·K matrices, the cosines and their
/// derivatives. <see cref="Outliers"/> is the report that cleaning a data set starts from; <c>hypersphere train</c> writes it as outliers.csv. Deng et al., ECCV 2020, eq. 2–3.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="centers">K.</param>
/// <param name="margin">m, in radians.</param>
/// <param name="scale">s.</param>
[Component(
    "subcenter-arcface", Summary = "ArcFace with several prototypes a class, for noisy labels", Equation = "ψ(θ) = cos(θ + m), cos θⱼ = maxₖ x̂·ŵⱼₖ",
    Paper = "Deng et al., Sub-center ArcFace: boosting face recognition by large-scale noisy web faces, ECCV 2020",
    Peers = "pytorch-metric-learning (margin in degrees there), whose list of outliers keeps rows off the dominant centre; here they are flagged",
    Cost = "3 products of 2·N·C·K·D flops; N×C·K cosines and their derivatives")]
public sealed class SubCenterArcFace(
    LossContext context,
    [Range(1, 64), Description("prototypes of a class, K")] int centers = 3,
    [Range(0, Math.PI / 2), Description("additive angular margin m, radians")] float margin = 0.5f,
    [Range(0.01, 4096), Description("scale s")] float scale = 64f)
    : MatrixSoftmaxLoss(context, centers)
{
    /// <summary>K, prototypes of a class.</summary>
    public int Centers => PrototypesPerClass;

    /// <summary>m, in radians.</summary>
    public float Margin { get; } = margin;

    /// <summary>s.</summary>
    public float Scale { get; } = scale;

    /// <summary>Which samples of each class are far from where most of it lies: probably wrong labels.</summary>
    /// <param name="embeddings">[N, D], such as those of a whole training set.</param>
    /// <param name="labels">N classes; −1 leaves a row out.</param>
    /// <param name="threshold">Angle from the dominant sub-centre beyond which a sample is flagged, in degrees.</param>
    /// <returns>The dominant sub-centre of every class, and every sample's place. Cost 2·N·K·D flops, N·K numbers.</returns>
    public SubCenterReport Outliers(Tensor embeddings, ReadOnlyMemory<int> labels, double threshold = 75)
    {
        RequireFitting(embeddings, labels.Span);
        float[] cosines = new float[checked(labels.Length * Centers)];
        ParallelRows.Run(labels.Length, i =>
        {
            int size = Context.Embedding;
            for (int k = 0; k < Centers && labels.Span[i] >= 0; k++)
            {
                ReadOnlySpan<float> center = Prototypes.Value.Span.Slice(((labels.Span[i] * Centers) + k) * size, size);
                float cosine = TensorPrimitives.CosineSimilarity(embeddings.Span.Slice(i * size, size), center);
                cosines[(i * Centers) + k] = float.IsNaN(cosine) ? 0 : cosine;
            }
        });
        return SubCenterReport.Of(cosines, labels.Span, Context.Classes, Centers, threshold);
    }

    /// <inheritdoc/>
    public override (float[] Values, float[] Slopes)? TargetCurve(ReadOnlySpan<double> theta, float norm = 1) =>
        Sample(theta, c => Angle.Widened(c, Margin));

    private protected override void WriteLogits(int label, ReadOnlySpan<float> values, Span<float> logits)
    {
        for (int c = 0; c < logits.Length; c++)
        {
            float cosine = Math.Clamp(values[Nearest(values, c)], -1f, 1f);
            logits[c] = Scale * (c == label ? (float)Angle.Widened(cosine, Margin).Value : cosine);
        }
    }

    private protected override void Spread(int label, ReadOnlySpan<float> values, ReadOnlySpan<float> byLogits, Span<float> gradient)
    {
        for (int c = 0; c < byLogits.Length; c++)
        {
            int nearest = Nearest(values, c);
            gradient[nearest] = Scale * byLogits[c] * (c == label ? (float)Angle.Widened(values[nearest], Margin).Slope : 1);
        }
    }

    private int Nearest(ReadOnlySpan<float> values, int c) => (c * Centers) + SubCenterReport.Largest(values.Slice(c * Centers, Centers));
}
