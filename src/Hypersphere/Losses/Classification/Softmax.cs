using Hypersphere.Layers;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>The plain classifier: a linear layer with bias and the cross-entropy.</summary>
/// <remarks>ℓᵢ = −log( e^{w_y·xᵢ + b_y} / Σⱼ e^{wⱼ·xᵢ + bⱼ} ); its rows w are the prototypes. Nothing is detached. Holds N×C logits and
/// probabilities. Cost 3 · 2·N·C·D flops.</remarks>
[Component("softmax", Summary = "linear layer and cross-entropy: the baseline", Equation = "ℓ = −log softmax(W·x + b)_y", Paper = "the classical classifier",
    Peers = "torch.nn.Linear with CrossEntropyLoss", Cost = "3 products of 2·N·C·D flops; N×C logits and probabilities")]
public sealed class Softmax : MatrixSoftmaxLoss
{
    private readonly Parameter _bias;

    /// <summary>Prototypes begin in U(±1/√D), the bias at 0.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    public Softmax(LossContext context)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Initializers.FanIn(Prototypes.Value.Span, context.Embedding, context.Classes, context.Random.Fork("prototypes"));
        _bias = Add("bias", new Parameter(new Shape(context.Classes), ParameterKind.Vector));
    }

    /// <inheritdoc/>
    public override bool DependsOnLength => true;

    /// <inheritdoc/>
    public override (float[] Values, float[] Slopes)? TargetCurve(ReadOnlySpan<double> theta, float norm = 1) =>
        Sample(theta, c => (c, 1));

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights) =>
        Focal == 0 && Smoothing == 0 && sampleWeights.IsEmpty
            ? CrossEntropy.Forward(Matrix(embeddings, labels), labels)
            : base.Compute(embeddings, labels, sampleWeights);

    private protected override Tensor Matrix(Tensor embeddings, ReadOnlyMemory<int> labels) =>
        MatMul.Forward(embeddings, Prototypes.Value, _bias.Value);

    private protected override void WriteLogits(int label, ReadOnlySpan<float> values, Span<float> logits) => values.CopyTo(logits);

    private protected override void Spread(int label, ReadOnlySpan<float> values, ReadOnlySpan<float> byLogits, Span<float> gradient) =>
        byLogits.CopyTo(gradient);
}
