using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Layers;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>The linear classifier on embeddings brought to one length.</summary>
/// <remarks>ℓᵢ = −log softmax(W·(α·x̂ᵢ) + b)_y; prototypes keep their lengths, α is fixed or learned. Nothing is detached. Holds two N×C
/// matrices (logits and their derivatives) and the scaled embeddings. Cost 3 · 2·N·C·D flops. Ranjan et al., 2017, eq. 3.</remarks>
[Component(
    "l2-softmax", Summary = "linear layer and cross-entropy on embeddings of one length", Equation = "ℓ = −log softmax(W·(α·x̂) + b)_y",
    Paper = "Ranjan et al., L2-constrained softmax loss for discriminative face verification, 2017, eq. 3",
    Peers = "none that is tested against",
    Cost = "3 products of 2·N·C·D flops; N×C logits and their derivatives")]
public sealed class L2Softmax : MatrixSoftmaxLoss
{
    private readonly Tensor _alpha;
    private readonly Parameter _bias;

    /// <summary>Prototypes begin in U(±1/√D), the bias at 0.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="alpha">α, the length of the embeddings; the paper asks for at least log((C − 2)·p/(1 − p)).</param>
    /// <param name="learned">Whether α is trained from there.</param>
    public L2Softmax(
        LossContext context,
        [Range(0.01, 4096), Description("length α of the embeddings")] float alpha = 16f,
        [Description("whether α is learned")] bool learned = false)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (Alpha, Learned) = (alpha, learned);
        Initializers.FanIn(Prototypes.Value.Span, context.Embedding, context.Classes, context.Random.Fork("prototypes"));
        _bias = Add("bias", new Parameter(new Shape(context.Classes), ParameterKind.Vector));
        _alpha = learned ? Add("alpha", new Parameter(Shape.Scalar, ParameterKind.Vector)).Value : AddBuffer("alpha", Shape.Scalar, alpha);
        _alpha.Span[0] = alpha;
    }

    /// <summary>α, the length of the embeddings; where it begins when it is learned.</summary>
    public float Alpha { get; }

    /// <summary>Whether α is trained.</summary>
    public bool Learned { get; }

    /// <inheritdoc/>
    public override bool DependsOnLength => true;

    /// <inheritdoc/>
    public override (float[] Values, float[] Slopes)? TargetCurve(ReadOnlySpan<double> theta, float norm = 1) =>
        Sample(theta, c => (c, 1));

    private protected override Tensor Matrix(Tensor embeddings, ReadOnlyMemory<int> labels) =>
        MatMul.Forward(Multiply.Forward(Similarity.Unit(embeddings), _alpha), Prototypes.Value, _bias.Value);

    private protected override void WriteLogits(int label, ReadOnlySpan<float> values, Span<float> logits) => values.CopyTo(logits);

    private protected override void Spread(int label, ReadOnlySpan<float> values, ReadOnlySpan<float> byLogits, Span<float> gradient) =>
        byLogits.CopyTo(gradient);
}
