using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Every sample a class of its own: a softmax over the batch in which it must find itself, or its other view.</summary>
/// <remarks>ℓᵢ = −log( e^{γ·s_it} / Σⱼ e^{γ·s_ij} ), t the sample itself: in one batch its own row (s = 1), with references the one that
/// <c>self</c> names, as the second view of an image or its text; mean over the anchors that have one. Labels only say which rows take
/// part. Zheng et al., ACM TOMM 2020, eq. 5, with the batch in the place of the classifier, as in pytorch-metric-learning (whose target is
/// the rank of the label instead, read as a row number). True derivative. A batch of one: 0. Cost that of the similarities; holds 2·N·M
/// numbers.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="scale">γ.</param>
[Component(
    "instance", Summary = "every sample a class of its own", Equation = "ℓᵢ = −log( e^{γ·s_it} / Σⱼ e^{γ·s_ij} )",
    Paper = "Zheng et al., Dual-path convolutional image-text embeddings with instance loss, ACM TOMM 2020",
    Peers = "pytorch-metric-learning's InstanceLoss, which reads the rank of a row's label as the row number of its target",
    Cost = "6·N·M·D flops and 2·N·M exponentials; 2·N·M numbers and N·M bytes")]
public sealed class Instance(
    LossContext context, [Range(0.001, 1000), Description("scale γ of the similarities")] float scale = 64)
    : AnchorLoss(context, new CosineSimilarity(), new MeanReduction())
{
    /// <summary>γ.</summary>
    public float Scale { get; } = scale;

    /// <inheritdoc/>
    protected override double Term(PairBatch batch, int anchor)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int target = batch.SelfOf(anchor);
        if (target < 0 || batch.ReferenceLabels[target] < 0)
        {
            return double.NaN;
        }

        double factor = -(double)batch.Distance.Sign * Scale;
        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        double own = values[target];
        LogSumExp sum = new(0);
        for (int j = 0; j < values.Length; j++)
        {
            if (relations[j] != Relation.None && j != target)
            {
                sum.Add(factor * (values[j] - own));
            }
        }

        Span<float> gradients = batch.Gradients(anchor);
        double shares = 0;
        for (int j = 0; j < values.Length; j++)
        {
            if (relations[j] != Relation.None && j != target)
            {
                double share = sum.Share(factor * (values[j] - own));
                shares += share;
                gradients[j] = (float)(factor * share);
            }
        }

        gradients[target] = (float)(-factor * shares);
        return sum.Value;
    }
}
