using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Penalises negatives that stand before positives in the ranking of every anchor.</summary>
/// <remarks>R_p = Σ_n σ((s_n − s_p)/τ), a smooth count of the negatives before the positive p; ℓ is the mean of f(R_p) over the positives
/// of an anchor, f by the variant; mean over the anchors with positives. Li et al., AAAI 2022. True derivative. Without negatives R = 0 and
/// ℓ = 0; of duplicates of different classes each counts one half. <c>count_self</c> adds the anchor itself to its positives where it has
/// any, as pytorch-metric-learning does. Time N·P·M, memory N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="variant">f.</param>
/// <param name="b">b of the variant Ib.</param>
/// <param name="alpha">α of the variant Dq.</param>
/// <param name="temperature">τ, in units of the similarity.</param>
/// <param name="countSelf">Whether an anchor is a positive of itself.</param>
[Component(
    "pnp", Summary = "negatives that stand before positives", Equation = "ℓᵢ = mean_p f(Σ_n σ((s_n − s_p)/τ))",
    Paper = "Li et al., Rethinking the optimization of average precision: only penalizing negative instances before positive ones is enough, AAAI 2022",
    Peers = "pytorch-metric-learning's PNPLoss, with count_self=true (an anchor is a positive of itself there)",
    Cost = "6·N·M·D flops and 2·N·P·M exponentials; 2·N·M numbers and N·M bytes")]
public sealed class Pnp(
    LossContext context,
    [Description("what is made of the count of negatives")] PnpVariant variant = PnpVariant.O,
    [Range(0.001, 1000), Description("b of the variant ib")] float b = 2,
    [Range(0.001, 100), Description("α of the variant dq")] float alpha = 1,
    [Range(0.0001, 100), Description("temperature τ of the count, in units of the similarity")] float temperature = 0.01f,
    [Description("an anchor is a positive of itself")] bool countSelf = false)
    : AnchorLoss(context, new CosineSimilarity(), new MeanReduction())
{
    /// <summary>f.</summary>
    public PnpVariant Variant { get; } = variant;

    /// <summary>b of the variant Ib.</summary>
    public float B { get; } = b;

    /// <summary>α of the variant Dq.</summary>
    public float Alpha { get; } = alpha;

    /// <summary>τ.</summary>
    public float Temperature { get; } = temperature;

    /// <summary>Whether an anchor is a positive of itself.</summary>
    public bool CountSelf { get; } = countSelf;

    /// <inheritdoc/>
    protected override double Term(PairBatch batch, int anchor)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        int self = CountSelf ? batch.SelfOf(anchor) : -1, positives = batch.Count(anchor, Relation.Positive);
        if (positives == 0)
        {
            return double.NaN;
        }

        positives += self >= 0 ? 1 : 0;
        double sum = 0;
        double[] slopes = new double[relations.Length];
        for (int p = 0; p < relations.Length; p++)
        {
            if (relations[p] == Relation.Positive || p == self)
            {
                sum += Positive(batch, anchor, p, slopes);
            }
        }

        Span<float> gradients = batch.Gradients(anchor);
        for (int j = 0; j < gradients.Length; j++)
        {
            gradients[j] = (float)(slopes[j] / positives);
        }

        return sum / positives;
    }

    /// <summary>f(R) of one positive; adds df/dValue.</summary>
    private double Positive(PairBatch batch, int anchor, int positive, double[] slopes)
    {
        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        double scale = -batch.Distance.Sign / (double)Temperature, before = 0;
        for (int n = 0; n < values.Length; n++)
        {
            before += relations[n] == Relation.Negative ? Share(scale * ((double)values[n] - values[positive])) : 0;
        }

        (double value, double slope) = Weigh(before);
        for (int n = 0; n < values.Length; n++)
        {
            if (relations[n] == Relation.Negative)
            {
                double share = Share(scale * ((double)values[n] - values[positive]));
                double change = slope * share * (1 - share) * scale;
                slopes[n] += change;
                slopes[positive] -= change;
            }
        }

        return value;
    }

    private (double Value, double Slope) Weigh(double r) => Variant switch
    {
        PnpVariant.Iu => ((1 + r) * Math.Log(1 + r), 1 + Math.Log(1 + r)),
        PnpVariant.Ib => (((B * r) - Math.Log(1 + (B * r))) / B / B, r / (1 + (B * r))),
        PnpVariant.Ds => (Math.Log(1 + r), 1 / (1 + r)),
        PnpVariant.Dq => (1 - Math.Pow(1 + r, -Alpha), Alpha * Math.Pow(1 + r, -Alpha - 1)),
        _ => (r, 1),
    };

    private static double Share(double x) => 1 / (1 + Math.Exp(-x));
}
