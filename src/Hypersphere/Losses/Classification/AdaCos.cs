using System.ComponentModel;
using Hypersphere.Backends;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>Cosine softmax that finds its own scale.</summary>
/// <remarks>s₀ = √2·log(C − 1). In training each batch sets s = log B / cos(min(π/4, θ_med)) before use, B = mean over the rows of
/// Σ_{j≠y} e^{s·cosⱼ} at the scale before, θ_med the (lower) median of the target angles; a batch that yields no positive scale leaves it.
/// Without <c>dynamic</c> s stays s₀. The scale is kept in checkpoints. Detached: s, a statistic of training. Cost 4 · 2·N·C·D flops; holds
/// N×C exponentials, or nothing beyond <see cref="LossContext.ScratchBudget"/>. Zhang et al., CVPR 2019, eq. 12 and 15.</remarks>
[Component(
    "adacos", Summary = "cosine softmax that finds its own scale", Equation = "ψ(θ) = cos θ, s = log B / cos(min(π/4, θ_med))",
    Paper = "Zhang et al., AdaCos: adaptively scaling cosine logits for effectively learning deep face representations, CVPR 2019",
    Peers = "FaceX-Zoo, whose scale moves in use as well, here only in training",
    Cost = "4 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 5 products)",
    Detached = "holds the scale constant, a statistic of training, not a function to be made small")]
public sealed class AdaCos : MarginSoftmaxLoss
{
    private readonly Tensor _scale;

    /// <summary>Makes the prototypes; the scale begins at √2·log(C − 1).</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="dynamic">Whether the scale follows training.</param>
    public AdaCos(LossContext context, [Description("whether the scale follows training")] bool dynamic = true)
        : base(context, First(context))
    {
        Dynamic = dynamic;
        _scale = AddBuffer("scale", new Shape(1), Scale);
    }

    /// <summary>Whether the scale follows training.</summary>
    public bool Dynamic { get; }

    /// <inheritdoc/>
    public override float CurrentScale => _scale.Span[0];

    /// <inheritdoc/>
    protected override void Target(in TargetBatch batch)
    {
        batch.Cosines.CopyTo(batch.Values);
        batch.Slopes.Fill(1f);
    }

    private protected override void Prepare(Tensor embeddings, Tensor prototypes, ReadOnlyMemory<int> labels)
    {
        if (Dynamic && IsTraining)
        {
            Adapt(embeddings, prototypes, labels);
        }
    }

    /// <summary>√2·log(C − 1), with at least three classes.</summary>
    private static float First(LossContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (float)(Math.Sqrt(2) * Math.Log(Math.Max(context.Classes - 1, 2)));
    }

    private void Adapt(Tensor embeddings, Tensor prototypes, ReadOnlyMemory<int> labels)
    {
        float[] cosines = new float[labels.Length];
        MarginSoftmaxSettings settings = new(CurrentScale, Context.ScratchBudget);
        double[] logs = MarginSoftmax.LogOtherSums(embeddings, prototypes, labels, settings, cosines);
        int[] rows = [.. Enumerable.Range(0, labels.Length).Where(i => labels.Span[i] >= 0)];
        if (rows.Length == 0)
        {
            return;
        }

        double largest = rows.Max(i => logs[i]);
        double logMean = largest + Math.Log(rows.Sum(i => Math.Exp(logs[i] - largest)) / rows.Length);
        double[] angles = [.. rows.Select(i => Angle.Of(cosines[i])).Order()];
        double scale = logMean / Math.Cos(Math.Min(Math.PI / 4, angles[(angles.Length - 1) / 2]));
        _scale.Span[0] = scale > 0 && double.IsFinite(scale) ? (float)scale : CurrentScale;
    }
}
