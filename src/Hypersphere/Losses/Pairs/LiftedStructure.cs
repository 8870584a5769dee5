using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using Hypersphere.Ops;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Every positive pair against the negatives of both its ends.</summary>
/// <remarks>ℓ_ap = ½[ log( Σ_n e^{m⁻ − d_an} + Σ_n e^{m⁻ − d_pn} ) + d_ap − m⁺ ]₊², mean over ordered positive pairs. Song et al., CVPR
/// 2016, eq. 4. With a similarity s − m⁻ and m⁺ − s. Nothing is detached. Without any positives or any negatives 0. Against references the
/// negatives of p count where p is itself an anchor. Distances of duplicates are 0 and get no gradient. Time N·M exponentials and one for
/// every positive pair; memory 2·N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="negativeMargin">m⁻, in units of the distance.</param>
/// <param name="positiveMargin">m⁺.</param>
[Component(
    "lifted-structure", Summary = "every positive pair against the negatives of both its ends",
    Equation = "ℓ_ap = ½[log(Σₙ e^{m⁻ − d_an} + Σₙ e^{m⁻ − d_pn}) + d_ap − m⁺]₊²",
    Paper = "Song et al., Deep metric learning via lifted structured feature embedding, CVPR 2016, eq. 4",
    Peers = "pytorch-metric-learning's LiftedStructureLoss, which normalises embeddings",
    Cost = "6·N·M·D flops and 2·N·M exponentials; 2·N·M numbers and N·M bytes")]
public sealed class LiftedStructure(
    LossContext context,
    [Range(-100, 100), Description("margin m⁻ of negative pairs, in units of the distance")] float negativeMargin = 1,
    [Range(-100, 100), Description("margin m⁺ of positive pairs")] float positiveMargin = 0)
    : PositivePairLoss(context, new LpDistance(), new MeanReduction())
{
    private LogSumExp[] _negatives = [];

    /// <summary>m⁻.</summary>
    public float NegativeMargin { get; } = negativeMargin;

    /// <summary>m⁺.</summary>
    public float PositiveMargin { get; } = positiveMargin;

    /// <inheritdoc/>
    protected override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!batch.Has(Relation.Negative))
        {
            return 0;
        }

        LogSumExp[] negatives = new LogSumExp[batch.Anchors];
        int sign = batch.Distance.Sign;
        ParallelRows.Run(negatives.Length, i => negatives[i] = LogSumExp.Of(batch.Values(i), batch.Relations(i), Relation.Negative, -sign));
        _negatives = negatives;
        double loss = base.Evaluate(batch);
        double[] pushes = Pushes(batch);
        ParallelRows.Run(negatives.Length, i => negatives[i].Shares(
            batch.Values(i), batch.Relations(i), Relation.Negative, -sign, -sign * pushes[i], batch.Gradients(i)));
        return loss;
    }

    /// <inheritdoc/>
    protected override void Terms(PairBatch batch, int anchor, Tally tally)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tally);
        int sign = batch.Distance.Sign;
        ReadOnlySpan<float> values = batch.Values(anchor);
        for (int p = 0; p < values.Length; p++)
        {
            if (batch.Relations(anchor)[p] == Relation.Positive)
            {
                LogSumExp both = Both(batch, anchor, p);
                double push = both.IsEmpty ? 0 : both.Value + (sign * NegativeMargin);
                double violation = Math.Max(0, push + (sign * ((double)values[p] - PositiveMargin)));
                batch.Gradients(anchor)[p] = (float)(tally.Add(violation * violation / 2, batch.Labels[anchor]) * violation * sign);
            }
        }
    }

    private LogSumExp Both(PairBatch batch, int anchor, int positive)
    {
        LogSumExp both = _negatives[anchor];
        if (batch.AnchorOf(positive) is var row && row >= 0)
        {
            both.Add(_negatives[row]);
        }

        return both;
    }

    /// <summary>How much all pairs together push away the negatives of every anchor, from both ends.</summary>
    private double[] Pushes(PairBatch batch)
    {
        double[] pushes = new double[batch.Anchors];
        for (int i = 0; i < pushes.Length; i++)
        {
            ReadOnlySpan<byte> relations = MemoryMarshal.AsBytes(batch.Relations(i));
            for (int p = relations.IndexOf((byte)Relation.Positive), next; p >= 0; p = next < 0 ? -1 : p + 1 + next)
            {
                next = relations[(p + 1)..].IndexOf((byte)Relation.Positive);
                double slope = batch.Gradients(i)[p] * batch.Distance.Sign;
                LogSumExp both = Both(batch, i, p);
                pushes[i] += slope * both.ShareOf(_negatives[i]);
                if (batch.AnchorOf(p) is var row && row >= 0)
                {
                    pushes[row] += slope * both.ShareOf(_negatives[row]);
                }
            }
        }

        return pushes;
    }
}
