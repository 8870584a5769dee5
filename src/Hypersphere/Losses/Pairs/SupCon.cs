using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Supervised contrastive: the mean over an anchor's positives of their log-softmax among all others.</summary>
/// <remarks>ℓᵢ = −1/|P(i)|·Σ_{p∈P(i)} log( e^{s_ip/τ} / Σ_{a≠i} e^{s_ia/τ} ), mean over the anchors whose loss is not 0. Khosla et al.,
/// NeurIPS 2020, eq. 2 (the sum outside of the logarithm). Distances count with the opposite sign. Nothing is detached. An anchor without
/// positives has loss 0; so has a whole batch without positives or without negatives, as in pytorch-metric-learning (the equation would
/// push the only class apart). Time N·M exponentials; memory 2·N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="temperature">τ.</param>
[Component(
    "supcon", Summary = "supervised contrastive: mean log-softmax of an anchor's positives among all others",
    Equation = "ℓᵢ = −1/|P|·Σₚ log( e^{s_ip/τ} / Σ_{a≠i} e^{s_ia/τ} )",
    Paper = "Khosla et al., Supervised contrastive learning, NeurIPS 2020, eq. 2",
    Peers = "pytorch-metric-learning's SupConLoss, 0 for a batch of one class; "
        + "the authors' code multiplies by temperature/0.07 and takes the mean over all anchors",
    Cost = "6·N·M·D flops and 2·N·M exponentials; 2·N·M numbers and N·M bytes")]
public sealed class SupCon(
    LossContext context,
    [Range(0.0001, 100), Description("temperature τ")] float temperature = 0.1f)
    : AnchorLoss(context, new CosineSimilarity(), new NonZeroMeanReduction())
{
    /// <summary>τ.</summary>
    public float Temperature { get; } = temperature;

    /// <inheritdoc/>
    protected override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Has(Relation.Positive) && batch.Has(Relation.Negative) ? base.Evaluate(batch) : 0;
    }

    /// <inheritdoc/>
    protected override double Term(PairBatch batch, int anchor)
    {
        ArgumentNullException.ThrowIfNull(batch);
        double scale = -batch.Distance.Sign / (double)Temperature;
        int positives = batch.Count(anchor, Relation.Positive);
        if (positives == 0)
        {
            return 0;
        }

        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        LogSumExp others = LogSumExp.Of(values, relations, Relation.Positive, scale);
        others.Add(LogSumExp.Of(values, relations, Relation.Negative, scale));
        Span<float> gradients = batch.Gradients(anchor);
        double loss = 0;
        for (int j = 0; j < values.Length; j++)
        {
            if (relations[j] != Relation.None)
            {
                double share = others.Share(scale * values[j]);
                gradients[j] = (float)(scale * (relations[j] == Relation.Positive ? share - (1.0 / positives) : share));
                loss += relations[j] == Relation.Positive ? (others.Value - (scale * values[j])) / positives : 0;
            }
        }

        return loss;
    }
}
