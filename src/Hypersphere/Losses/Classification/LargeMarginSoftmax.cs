using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Backends;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>Large-margin softmax (L-Softmax): SphereFace's ψ with the lengths of both embedding and prototype.</summary>
/// <remarks>zⱼ = s·‖wⱼ‖·‖x‖·cos θⱼ, z_y = s·‖w_y‖·‖x‖·ψ(θ_y), ψ(θ) = (−1)ᵏ·cos(mθ) − 2k with k = ⌊mθ/π⌋. There is no annealing here;
/// SphereFace has it. Nothing is detached: k is constant almost everywhere. Cost 3 · 2·N·C·D flops; holds four N×C matrices: products,
/// logits and the derivatives of each. Liu et al., ICML 2016, eq. 4–6.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">m, multiplies the angle; need not be whole.</param>
/// <param name="scale">s.</param>
[Component(
    "large-margin-softmax", Aliases = "l-softmax", Summary = "multiplicative angular margin, both lengths kept",
    Equation = "z_y = s·‖w_y‖·‖x‖·ψ(θ), ψ(θ) = (−1)ᵏ·cos(mθ) − 2k, k = ⌊mθ/π⌋",
    Paper = "Liu et al., Large-margin softmax loss for convolutional neural networks, ICML 2016",
    Peers = "pytorch-metric-learning",
    Cost = "3 products of 2·N·C·D flops; N×C products, logits and their derivatives")]
public sealed class LargeMarginSoftmax(
    LossContext context,
    [Range(1, 8), Description("multiplicative angular margin m")] float margin = 4f,
    [Range(0.01, 4096), Description("scale s beside both lengths")] float scale = 1f)
    : MatrixSoftmaxLoss(context)
{
    /// <summary>m, multiplies the angle.</summary>
    public float Margin { get; } = margin;

    /// <summary>s.</summary>
    public float Scale { get; } = scale;

    /// <inheritdoc/>
    public override bool DependsOnLength => true;

    /// <inheritdoc/>
    public override (float[] Values, float[] Slopes)? TargetCurve(ReadOnlySpan<double> theta, float norm = 1) =>
        Sample(theta, c => Angle.Multiplied(c, Margin));

    private protected override Tensor Matrix(Tensor embeddings, ReadOnlyMemory<int> labels)
    {
        Tensor products = Similarity.Products(embeddings, Prototypes.Value);
        return Widen(products, Similarity.Norms(embeddings), Similarity.Norms(Prototypes.Value), labels);
    }

    private protected override void WriteLogits(int label, ReadOnlySpan<float> values, Span<float> logits) => values.CopyTo(logits);

    private protected override void Spread(int label, ReadOnlySpan<float> values, ReadOnlySpan<float> byLogits, Span<float> gradient) =>
        byLogits.CopyTo(gradient);

    /// <summary>The logits on the tape: products times s, the own one with ψ.</summary>
    private Tensor Widen(Tensor products, Tensor lengths, Tensor prototypeLengths, ReadOnlyMemory<int> labels)
    {
        int classes = Context.Classes;
        Tensor logits = Tensor.Empty(products.Shape);
        System.Numerics.Tensors.TensorPrimitives.Multiply(products.Span, Scale, logits.Span);
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels.Span[i] is >= 0 and int label)
            {
                (float a, float b) = (lengths.Span[i], prototypeLengths.Span[label]);
                (double psi, _) = Angle.Multiplied(Cosine(products.Span[(i * classes) + label], a, b), Margin);
                logits.Span[(i * classes) + label] = (float)((double)Scale * a * b * psi);
            }
        }

        return Tape.Remember(logits, products.NeedsGradient, dLogits => Backward(products, lengths, prototypeLengths, labels, dLogits));
    }

    private void Backward(Tensor products, Tensor lengths, Tensor prototypeLengths, ReadOnlyMemory<int> labels, Tensor dLogits)
    {
        int classes = Context.Classes;
        (Tensor dProducts, Tensor dLengths, Tensor dPrototypeLengths) =
            (Tensor.Empty(products.Shape), Tensor.Zeros(lengths.Shape), Tensor.Zeros(prototypeLengths.Shape));
        System.Numerics.Tensors.TensorPrimitives.Multiply(dLogits.Span, Scale, dProducts.Span);
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels.Span[i] is >= 0 and int label)
            {
                (float a, float b) = (lengths.Span[i], prototypeLengths.Span[label]);
                float cosine = Cosine(products.Span[(i * classes) + label], a, b);
                (double psi, double slope) = Angle.Multiplied(cosine, Margin);
                double d = (double)Scale * dLogits.Span[(i * classes) + label], radial = psi - (cosine * slope);
                dProducts.Span[(i * classes) + label] = (float)(d * slope);
                dLengths.Span[i] = (float)(d * b * radial);
                dPrototypeLengths.Span[label] += (float)(d * a * radial);
            }
        }

        Pass(dProducts, products);
        Pass(dLengths, lengths);
        Pass(dPrototypeLengths, prototypeLengths);
    }

    private static float Cosine(float product, float a, float b) => a * b > 0 ? Math.Clamp(product / a / b, -1f, 1f) : 0;

    private static void Pass(Tensor gradient, Tensor to)
    {
        if (GradientTarget.Of(to) is { Wanted: true } target)
        {
            Backend.Current.Pass(gradient, target);
        }
    }
}
