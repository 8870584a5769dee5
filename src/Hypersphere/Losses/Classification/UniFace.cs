using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>How many thresholds UniFace learns.</summary>
public enum UniFaceMode
{
    /// <summary>Unified cross-entropy: one threshold for all classes.</summary>
    Uce,

    /// <summary>Binary cross-entropy: a threshold a class.</summary>
    Bce,
}

/// <summary>Every class decided on its own against a learned threshold, one for all in the unified form, so that scores can be
/// compared.</summary>
/// <remarks>ℓᵢ = log(1 + e^{−(s·(cos θ_y − m) − b)}) + λ·Σ_{j≠y} log(1 + e^{s·cos θⱼ − b}), b learned from log(10·C); with <c>bce</c> a b
/// of each class. <c>clamp</c> bounds the exponents to ±s without gradient beyond, as the published code does, which silences the hardest
/// rows. The softmax form of the paper is <c>cosface</c>. Nothing is detached. Cost 3 · 2·N·C·D flops; holds two N×C matrices, the cosines
/// and their derivatives. Li et al., ICCV 2023, eq. 8–10.</remarks>
[Component(
    "uniface", Summary = "each class against a learned threshold, the same for all",
    Equation = "ℓ = log(1 + e^{−s(cos θ_y − m) + b}) + λ·Σⱼ log(1 + e^{s·cos θⱼ − b})",
    Paper = "Li et al., UniFace: unified cross-entropy loss for deep face recognition, ICCV 2023",
    Peers = "UniFace by its authors with clamp=true; their normalisation has ε = 10⁻⁵",
    Cost = "3 products of 2·N·C·D flops; N×C cosines and their derivatives")]
public sealed class UniFace : ProxyLoss
{
    private readonly Parameter _bias;

    /// <summary>Makes the prototypes; thresholds begin at log(10·C).</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="mode">One threshold, or one a class.</param>
    /// <param name="margin">m.</param>
    /// <param name="scale">s.</param>
    /// <param name="negativeWeight">λ.</param>
    /// <param name="clamp">Whether exponents are bounded to ±s.</param>
    public UniFace(
        LossContext context,
        [Description("one learned threshold (uce) or one a class (bce)")] UniFaceMode mode = UniFaceMode.Uce,
        [Range(0, 1), Description("additive cosine margin m")] float margin = 0.4f,
        [Range(0.01, 4096), Description("scale s")] float scale = 64f,
        [Range(0, 1e4), Description("weight λ of the other classes")] float negativeWeight = 1f,
        [Description("bound exponents to ±s, as the published code does")] bool clamp = false)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (Mode, Margin, Scale, NegativeWeight, Clamp) = (mode, margin, scale, negativeWeight, clamp);
        _bias = Add("bias", new Parameter(new Shape(mode == UniFaceMode.Bce ? context.Classes : 1), ParameterKind.Vector));
        _bias.Value.Span.Fill((float)Math.Log(10.0 * context.Classes));
    }

    /// <summary>One threshold, or one a class.</summary>
    public UniFaceMode Mode { get; }

    /// <summary>m.</summary>
    public float Margin { get; }

    /// <summary>s.</summary>
    public float Scale { get; }

    /// <summary>λ.</summary>
    public float NegativeWeight { get; }

    /// <summary>Whether exponents are bounded to ±s.</summary>
    public bool Clamp { get; }

    /// <inheritdoc/>
    public override (float[] Values, float[] Slopes)? TargetCurve(ReadOnlySpan<double> theta, float norm = 1) =>
        Sample(theta, c => (c - Margin, 1));

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights)
    {
        Tensor cosines = Similarity.Products(Similarity.Unit(embeddings), Similarity.Unit(Prototypes.Value)), bias = _bias.Value;
        return Scalar.Forward([cosines, bias], gradients =>
        {
            double mean = RowFunction.Mean(
                cosines, gradients[0], labels, sampleWeights, focal: 0,
                (row, values, gradient) => Row(values, gradient, labels.Span[row]));
            double[] sums = new double[bias.Count];
            for (int i = 0; i < gradients[0].Count; i++)
            {
                sums[i % Context.Classes % bias.Count] -= gradients[0].Span[i];
                gradients[0].Span[i] *= Scale;
            }

            for (int b = 0; b < sums.Length; b++)
            {
                gradients[1].Span[b] = (float)sums[b];
            }

            return mean;
        });
    }

    /// <summary>The loss of a row; <paramref name="gradient"/> becomes its derivatives by s·cos − b.</summary>
    private double Row(ReadOnlySpan<float> cosines, Span<float> gradient, int label)
    {
        double sum = 0;
        for (int j = 0; j < cosines.Length; j++)
        {
            double bias = _bias.Value.Span[j % _bias.Value.Count];
            (double sign, double weight) = j == label ? (-1, 1) : (1, NegativeWeight);
            double exponent = sign * ((Scale * (cosines[j] - (j == label ? Margin : 0.0))) - bias);
            double bounded = Clamp ? Math.Clamp(exponent, -Scale, Scale) : exponent;
            sum += weight * Smooth.Softplus(bounded);
            gradient[j] = bounded == exponent ? (float)(sign * weight * Smooth.Sigmoid(exponent)) : 0;
        }

        return sum;
    }
}
