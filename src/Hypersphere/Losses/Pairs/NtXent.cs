using Hypersphere.Ops;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>The softmax of every positive pair against the negatives of its anchor, at a temperature.</summary>
/// <remarks>ℓ_ap = −log( e^{s_ap/τ} / (e^{s_ap/τ} + Σ_n e^{s_an/τ}) ), mean over ordered positive pairs. Chen et al., SimCLR, ICML 2020,
/// eq. 1, where every anchor has one positive; with more, other positives are not in the denominator, as in pytorch-metric-learning (there
/// a term saturates where its share underflows; here it stays linear). Distances count with the opposite sign. Nothing is detached. An
/// anchor without positives has no term, one without negatives terms of 0; duplicates are positives or negatives like any other. Time N·M
/// exponentials and a few for every positive; memory 2·N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="temperature">τ.</param>
[Component(
    "ntxent", Aliases = "nt-xent, info-nce", Summary = "softmax of each positive pair against its anchor's negatives",
    Equation = "ℓ_ap = −log( e^{s_ap/τ} / (e^{s_ap/τ} + Σₙ e^{s_an/τ}) )",
    Paper = "Chen et al., A simple framework for contrastive learning, ICML 2020, eq. 1; van den Oord et al., arXiv:1807.03748",
    Peers = "pytorch-metric-learning's NTXentLoss "
        + "(there a pair's loss saturates where its probability underflows); SimCLR's has one positive an anchor",
    Cost = "6·N·M·D flops and 2·N·M exponentials; 2·N·M numbers and N·M bytes")]
public sealed class NtXent(
    LossContext context,
    [Range(0.0001, 100), Description("temperature τ")] float temperature = 0.07f)
    : PositivePairLoss(context, new CosineSimilarity(), new MeanReduction())
{
    /// <summary>τ.</summary>
    public float Temperature { get; } = temperature;

    /// <inheritdoc/>
    protected override void Terms(PairBatch batch, int anchor, Tally tally)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tally);
        if (batch.Count(anchor, Relation.Positive) == 0)
        {
            return;
        }

        double scale = -batch.Distance.Sign / (double)Temperature;
        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        Span<float> gradients = batch.Gradients(anchor);
        LogSumExp negatives = LogSumExp.Of(values, relations, Relation.Negative, scale);
        double pull = 0;
        for (int p = 0; p < values.Length; p++)
        {
            if (relations[p] == Relation.Positive)
            {
                double gap = negatives.Value - (scale * values[p]);
                double slope = tally.Add(Smooth.Softplus(gap), batch.Labels[anchor]) * Smooth.Sigmoid(gap) * scale;
                gradients[p] = (float)-slope;
                pull += slope;
            }
        }

        negatives.Shares(values, relations, Relation.Negative, scale, pull, gradients);
    }
}
