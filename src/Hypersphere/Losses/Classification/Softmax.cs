using Hypersphere.Layers;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>The plain classifier: a linear layer with bias and the cross-entropy.</summary>
/// <remarks>ℓᵢ = −log( e^{w_y·xᵢ + b_y} / Σⱼ e^{wⱼ·xᵢ + bⱼ} ); its rows w are the prototypes. Holds N×C logits and probabilities.
/// Cost 3 · 2·N·C·D flops.</remarks>
[Component("softmax", Summary = "linear layer and cross-entropy: the baseline", Equation = "ℓ = −log softmax(W·x + b)_y", Paper = "the classical classifier",
    Peers = "torch.nn.Linear with CrossEntropyLoss", Cost = "3 products of 2·N·C·D flops; N×C logits and probabilities")]
public sealed class Softmax : Loss
{
    private readonly Parameter _bias;

    /// <summary>Prototypes begin in U(±1/√D), the bias at 0.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    public Softmax(LossContext context)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Prototypes = Add("prototypes", new Parameter(new Shape(context.Classes, context.Embedding), ParameterKind.Weight));
        Initializers.FanIn(Prototypes.Value.Span, context.Embedding, context.Classes, context.Random.Fork("prototypes"));
        _bias = Add("bias", new Parameter(new Shape(context.Classes), ParameterKind.Vector));
    }

    /// <inheritdoc/>
    public override Parameter Prototypes { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels) =>
        CrossEntropy.Forward(MatMul.Forward(embeddings, Prototypes.Value, _bias.Value), labels);
}
