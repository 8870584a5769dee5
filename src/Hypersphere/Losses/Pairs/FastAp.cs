using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Average precision of ranking by distance, from soft histograms of an anchor's distances.</summary>
/// <remarks>ℓᵢ = 1 − 1/N⁺·Σ_k h⁺_k·H⁺_k / H_k, where a distance adds triangular pulses to the two nearest of <c>bins</c> + 1 edges over [0,
/// 4], h⁺ are the positives' sums, H⁺ and H the running sums of positives and of all; mean over the anchors that have positives. Cakir et
/// al., CVPR 2019, eq. 7. Squared distances of unit vectors by default; cosines are ranked by 1 − s over [0, 2]. Nothing is detached; at an
/// edge the slope is 0. An anchor without positives takes no part, one without negatives has loss 0. Distances of duplicates are 0 and get
/// no gradient. Time N·M; memory 2·N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="bins">Number of bins of the histogram.</param>
[Component(
    "fastap", Summary = "average precision from soft histograms of distances", Equation = "ℓᵢ = 1 − 1/N⁺·Σₖ h⁺ₖ·H⁺ₖ / Hₖ",
    Paper = "Cakir et al., Deep metric learning to rank, CVPR 2019, eq. 7",
    Peers = "pytorch-metric-learning's FastAPLoss; the authors' code",
    Cost = "6·N·M·D flops and N·M pulses; 2·N·M numbers and N·M bytes")]
public sealed class FastAp(
    LossContext context,
    [Range(1, 1000), Description("number of bins of the histogram")] int bins = 10)
    : AnchorLoss(context, new LpDistance(power: 2), new MeanReduction())
{
    private double _range;

    /// <summary>Number of bins of the histogram.</summary>
    public int Bins { get; } = bins;

    /// <inheritdoc/>
    protected override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _range = batch.Distance switch
        {
            LpDistance { Normalize: true, P: >= 2 } lp => Math.Pow(2, lp.Power),
            { IsSimilarity: true, Normalize: true } => 2,
            _ => throw new InputException("fastap: distance must have a known range, lp with p ≥ 2 or a similarity, normalised; "
                + $"it is {batch.Distance}."),
        };
        return base.Evaluate(batch);
    }

    /// <inheritdoc/>
    protected override double Term(PairBatch batch, int anchor)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int count = batch.Count(anchor, Relation.Positive);
        if (count == 0)
        {
            return double.NaN;
        }

        double[] positives = new double[Bins + 2], all = new double[Bins + 2];
        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        for (int j = 0; j < values.Length; j++)
        {
            if (relations[j] != Relation.None)
            {
                (int edge, double part) = At(batch, values[j]);
                Add(all, edge, part);
                if (relations[j] == Relation.Positive)
                {
                    Add(positives, edge, part);
                }
            }
        }

        double precision = ToSlopes(positives, all, count);
        Span<float> gradients = batch.Gradients(anchor);
        double step = batch.Distance.Sign * Bins / _range;
        for (int j = 0; j < values.Length; j++)
        {
            (int edge, double part) = At(batch, values[j]);
            double[] slopes = relations[j] == Relation.Positive ? positives : all;
            gradients[j] = relations[j] == Relation.None || part == 0 ? 0 : (float)(step * (slopes[edge + 1] - slopes[edge]));
        }

        return 1 - precision;
    }

    private static void Add(double[] histogram, int edge, double part)
    {
        histogram[edge] += 1 - part;
        histogram[edge + 1] += part;
    }

    /// <summary>The average precision; replaces the histograms by dLoss/d(a positive, a negative at an edge).</summary>
    private static double ToSlopes(double[] positives, double[] all, int count)
    {
        double precision = 0, runningPositives = 0, running = 0;
        double[] share = new double[positives.Length], drop = new double[positives.Length];
        for (int k = 0; k < positives.Length; k++)
        {
            runningPositives += positives[k];
            running += all[k];
            if (running > 0)
            {
                precision += positives[k] * runningPositives / running / count;
                share[k] = positives[k] / running;
                drop[k] = share[k] * (runningPositives / running);
                positives[k] = runningPositives / running;
            }
        }

        double later = 0, lost = 0;
        for (int k = positives.Length - 1; k >= 0; k--)
        {
            later += share[k];
            lost += drop[k];
            positives[k] = -(positives[k] + later - lost) / count;
            all[k] = lost / count;
        }

        return precision;
    }

    /// <summary>The edge under a value and the part of its pulse that falls on the next edge.</summary>
    private (int Edge, double Part) At(PairBatch batch, double value)
    {
        double at = Math.Clamp((batch.Distance.IsSimilarity ? 1 - value : value) * Bins / _range, 0, Bins);
        int edge = (int)at;
        return (edge, at - edge);
    }
}
