using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>For every positive pair a negative drawn so that all distances are equally likely.</summary>
/// <remarks>P(n | a) ∝ 1/q(max(d_an, cutoff)) for d_an &lt; limit, with q(d) ∝ d^{D−2}·(1 − d²/4)^{(D−3)/2}, the density of distances
/// between uniform points on the sphere. Wu et al., Sampling matters in deep embedding learning, ICCV 2017, eq. 2 and 3, which bounds the
/// weight by λ where the authors' code, as this miner, bounds the distance. An anchor whose negatives are all beyond the limit draws among
/// them uniformly. Compares by the Euclidean distance of unit rows or the cosine. Draws depend on the seed, the step and the anchor alone.
/// Time and memory N·M.</remarks>
/// <param name="cutoff">Smaller distances count as this one, so that noise is not drawn.</param>
/// <param name="limit">Negatives at or beyond it are not drawn: their loss is 0 anyway.</param>
[Component(
    "distance-weighted", Summary = "negatives drawn evenly over distances", Equation = "P(n | a) ∝ d^{2−D}·(1 − d²/4)^{(3−D)/2}",
    Paper = "Wu et al., Sampling matters in deep embedding learning, ICCV 2017, eq. 2, 3")]
public sealed class DistanceWeightedMiner(
    [Range(0.01, 2), Description("smaller distances count as this one")] float cutoff = 0.5f,
    [Range(0.01, 3), Description("negatives from here on are not drawn")] float limit = 1.4f)
    : TripletMiner
{
    /// <summary>Smaller distances count as this one.</summary>
    public float Cutoff { get; } = cutoff;

    /// <summary>Negatives at or beyond it are not drawn.</summary>
    public float Limit { get; } = limit;

    /// <inheritdoc/>
    protected internal override void Mine(PairBatch batch, int anchor, Action<int, int> visit)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(visit);
        if (batch.Distance is not (LpDistance { P: 2, Power: 1, Normalize: true } or { IsSimilarity: true, Normalize: true }))
        {
            throw new InputException("distance-weighted: the miner needs distances on the sphere: lp(p=2, power=1, normalize=true) or cosine.");
        }

        if (batch.Count(anchor, Relation.Positive) == 0 || batch.Count(anchor, Relation.Negative) == 0)
        {
            return;
        }

        double[] sums = Weights(batch, anchor);
        Rng random = batch.Random.Fork("distance-weighted", anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        for (int p = 0; p < relations.Length; p++)
        {
            if (relations[p] == Relation.Positive)
            {
                visit(p, Draw(sums, random.NextDouble()));
            }
        }
    }

    /// <summary>The first column whose running sum is beyond a share of all.</summary>
    private static int Draw(double[] sums, double share)
    {
        (int low, int high) = (0, sums.Length - 1);
        for (double target = Math.Min(share * sums[^1], Math.BitDecrement(sums[^1])); low < high;)
        {
            int middle = (low + high) / 2;
            (low, high) = sums[middle] > target ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>Running sums of the weights, the largest being 1.</summary>
    private double[] Weights(PairBatch batch, int anchor)
    {
        double[] weights = new double[batch.References];
        ReadOnlySpan<float> values = batch.Values(anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        double most = double.NegativeInfinity;
        for (int j = 0; j < weights.Length; j++)
        {
            double d = batch.Distance.IsSimilarity ? Math.Sqrt(Math.Max(2 - (2 * (double)values[j]), 0)) : values[j];
            weights[j] = relations[j] == Relation.Negative && d < Limit ? -LogDensity(Math.Max(d, Cutoff), batch.Dimensions) : double.NegativeInfinity;
            most = Math.Max(most, weights[j]);
        }

        double sum = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            double weight = double.IsNegativeInfinity(most) ? (relations[j] == Relation.Negative ? 1 : 0) : Math.Exp(weights[j] - most);
            weights[j] = sum += weight;
        }

        return weights;
    }

    private static double LogDensity(double d, int size) => ((size - 2) * Math.Log(d)) + ((size - 3) / 2.0 * Math.Log(Math.Max(1 - (d * d / 4), 1e-8)));
}
