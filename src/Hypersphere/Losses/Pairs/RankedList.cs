using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Pulls the positives of every anchor into a ball and pushes its negatives out of a larger one, the worse the more.</summary>
/// <remarks>With g_p = d_p − (α − m) where positive and g_n = α − d_n where positive: ℓᵢ = (1 − λ)·Σ w_p·g_p / Σ w_p + λ·Σ w_n·g_n / Σ w_n,
/// w = e^{T·g}; mean over all anchors. Wang et al., Ranked list loss, CVPR 2019, eq. 7 to 10. The weights are differentiated too, as in
/// pytorch-metric-learning; the paper holds them constant. <c>epsilon</c> is added to every one of the N weights in the denominators (1e-5
/// there). No violating positive or negative: that part is 0; for exact duplicates the gradient of the distance is 0. Cost that of the
/// distances; holds 2·N·M numbers.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">m, in units of the distance.</param>
/// <param name="negativeTemperature">T of the negatives.</param>
/// <param name="imbalance">λ, the part of the negatives.</param>
/// <param name="alpha">α, where negatives belong; 0 stands for 1 + m/2.</param>
/// <param name="positiveTemperature">T of the positives.</param>
/// <param name="epsilon">Added to every weight in the denominators.</param>
[Component(
    "ranked-list", Summary = "positives into a ball, negatives out of a larger one",
    Equation = "ℓᵢ = (1 − λ)·Σ w_p[d_p − (α − m)]₊ / Σ w_p + λ·Σ w_n[α − d_n]₊ / Σ w_n",
    Paper = "Wang et al., Ranked list loss for deep metric learning, CVPR 2019",
    Peers = "pytorch-metric-learning's RankedListLoss, with epsilon=1e-5 (a positive pair there has to have a distance above 0)",
    Cost = "6·N·M·D flops and 2·N·M exponentials; 2·N·M numbers and N·M bytes")]
public sealed class RankedList(
    LossContext context,
    [Range(0, 4), Description("margin m between the two balls, in units of the distance")] float margin = 0.4f,
    [Range(0, 100), Description("temperature T of the negatives' weights")] float negativeTemperature = 10,
    [Range(0, 1), Description("λ, the part of the negatives")] float imbalance = 0.5f,
    [Range(0, 4), Description("radius α where negatives belong; 0: 1 + margin/2")] float alpha = 0,
    [Range(0, 100), Description("temperature T of the positives' weights")] float positiveTemperature = 0,
    [Range(0, 1), Description("added to every weight in the denominators")] float epsilon = 0)
    : AnchorLoss(context, new LpDistance(), new MeanReduction())
{
    /// <summary>m.</summary>
    public float Margin { get; } = margin;

    /// <summary>T of the negatives.</summary>
    public float NegativeTemperature { get; } = negativeTemperature;

    /// <summary>λ.</summary>
    public float Imbalance { get; } = imbalance;

    /// <summary>α; 0 stands for 1 + m/2.</summary>
    public float Alpha { get; } = alpha;

    /// <summary>T of the positives.</summary>
    public float PositiveTemperature { get; } = positiveTemperature;

    /// <summary>Added to every weight in the denominators.</summary>
    public float Epsilon { get; } = epsilon;

    /// <inheritdoc/>
    protected override double Term(PairBatch batch, int anchor)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Distance.IsSimilarity)
        {
            throw new InputException($"ranked-list: needs a distance such as lp, not the similarity {batch.Distance}.");
        }

        double outer = Alpha == 0 ? 1 + (Margin / 2.0) : Alpha;
        int known = batch.References - batch.ReferenceLabels.Count(-1);
        return Side(batch, anchor, Relation.Positive, d => d - (outer - Margin), PositiveTemperature, 1 - (double)Imbalance, known)
            + Side(batch, anchor, Relation.Negative, d => outer - d, NegativeTemperature, Imbalance, known);
    }

    /// <summary>factor·Σ w·g / (Σ w + ε·N) over the pairs of a relation that violate; all weights are divided by the largest.</summary>
    private double Side(PairBatch batch, int anchor, Relation relation, Func<double, double> violation, double temperature, double factor, int known)
    {
        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        double most = 0;
        for (int j = 0; j < values.Length; j++)
        {
            most = relations[j] == relation ? Math.Max(most, violation(values[j])) : most;
        }

        double sum = 0, weights = Epsilon * (double)known * Math.Exp(-temperature * most);
        for (int j = 0; j < values.Length && most > 0; j++)
        {
            if (relations[j] == relation && violation(values[j]) is var g && g > 0)
            {
                double weight = Math.Exp(temperature * (g - most));
                sum += weight * g;
                weights += weight;
            }
        }

        double mean = most > 0 ? sum / weights : 0;
        int sign = relation == Relation.Positive ? 1 : -1;
        for (int j = 0; j < values.Length && most > 0; j++)
        {
            if (relations[j] == relation && violation(values[j]) is var g && g > 0)
            {
                double weight = Math.Exp(temperature * (g - most));
                batch.Gradients(anchor)[j] = (float)(factor * sign * weight * (1 + (temperature * (g - mean))) / weights);
            }
        }

        return factor * mean;
    }
}
