using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>The negative of every triplet farther than the positive by a margin.</summary>
/// <remarks>ℓ = [d_ap − d_an + m]₊, or with <c>smooth</c> log(1 + e^{d_ap − d_an + m}), over all triplets of the batch or a miner's. With
/// <c>swap</c> d_an is the nearer of (a, n) and (p, n). Similarities count with the opposite sign. Schroff et al., FaceNet, CVPR 2015, eq.
/// 2 (there squared distances: <c>distance=lp(power=2)</c>); swap: Balntas et al., BMVC 2016. Time N·P·M, memory N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">m, in units of the distance.</param>
/// <param name="swap">Whether the positive takes the anchor's place where it is nearer to the negative.</param>
/// <param name="smooth">Whether the hinge is a softplus.</param>
[Component(
    "triplet", Summary = "the negative farther than the positive by a margin", Equation = "ℓ = [d_ap − d_an + m]₊",
    Paper = "Schroff et al., FaceNet, CVPR 2015, eq. 2; swap: Balntas et al., BMVC 2016",
    Peers = "pytorch-metric-learning's TripletMarginLoss, mean over the triplets with a positive loss; torch's TripletMarginLoss takes the mean over all and does not normalise",
    Cost = "6·N·M·D flops and N·P·M terms; 2·N·M numbers and N·M bytes")]
public sealed class TripletMargin(
    LossContext context,
    [Range(0, 100), Description("margin m, in units of the distance")] float margin = 0.05f,
    [Description("use the nearer of anchor and positive")] bool swap = false,
    [Description("softplus instead of the hinge")] bool smooth = false)
    : TripletLoss(context, new LpDistance())
{
    /// <summary>m.</summary>
    public float Margin { get; } = margin;

    /// <summary>Whether the positive takes the anchor's place where it is nearer to the negative.</summary>
    public bool Swap { get; } = swap;

    /// <summary>Whether the hinge is a softplus.</summary>
    public bool Smooth { get; } = smooth;

    /// <summary>How the triplets become one.</summary>
    [ComponentOption]
    [Description("how the triplets' terms become one")]
    public Reduction Reduction { get; init; } = new NonZeroMeanReduction();

    /// <inheritdoc/>
    protected override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (Swap && !batch.IsOneSet)
        {
            throw new InputException("triplet: swap needs positives that are anchors as well; it does not go with references or a memory.");
        }

        Tally tally = Swap ? Tally.InTurn(batch.Anchors, Reduction, (i, row) => Row(batch, i, row)) : Tally.OfRows(batch.Anchors, Reduction, (i, row) => Row(batch, i, row));
        batch.ScaleGradients(tally.Factor);
        return tally.Value;
    }

    private void Row(PairBatch batch, int anchor, Tally tally)
    {
        if (TakesAll && !Swap)
        {
            All(batch, anchor, tally);
            return;
        }

        int sign = batch.Distance.Sign;
        EachTriplet(batch, anchor, (p, n) =>
        {
            int from = Swap && sign * batch.Values(p)[n] < sign * batch.Values(anchor)[n] ? p : anchor;
            double violation = (sign * ((double)batch.Values(anchor)[p] - batch.Values(from)[n])) + Margin;
            (double loss, double slope) = Term(violation);
            float gradient = (float)(tally.Add(loss, batch.Labels[anchor]) * slope * sign);
            batch.Gradients(anchor)[p] += gradient;
            batch.Gradients(from)[n] -= gradient;
        });
    }

    /// <summary>Every triplet of an anchor, without a call for each.</summary>
    private void All(PairBatch batch, int anchor, Tally tally)
    {
        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        Span<float> gradients = batch.Gradients(anchor);
        (int sign, int label, long settled) = (batch.Distance.Sign, batch.Labels[anchor], 0);
        for (int p = 0; p < values.Length; p++)
        {
            double pull = 0, reach = (sign * (double)values[p]) + Margin;
            for (int n = 0; n < values.Length && relations[p] == Relation.Positive; n++)
            {
                double violation = reach - (sign * (double)values[n]);
                if (relations[n] != Relation.Negative)
                {
                    continue;
                }

                if (violation <= 0 && !Smooth)
                {
                    settled++;
                    continue;
                }

                (double loss, double slope) = Term(violation);
                double gradient = tally.Add(loss, label) * slope * sign;
                pull += gradient;
                gradients[n] -= (float)gradient;
            }

            gradients[p] += (float)pull;
        }

        tally.Add(0, label, settled);
    }

    /// <summary>The hinge or the softplus of a violation, and its slope.</summary>
    private (double Loss, double Slope) Term(double violation) => Smooth
        ? (Ops.Smooth.Softplus(violation), Ops.Smooth.Sigmoid(violation))
        : (Math.Max(violation, 0), violation > 0 ? 1 : 0);
}
