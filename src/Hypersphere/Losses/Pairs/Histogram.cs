using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>The probability that a random negative pair is more similar than a random positive one, from soft histograms.</summary>
/// <remarks>ℓ = Σ_r h⁻_r·Σ_{q≤r} h⁺_q over nodes −1, −1 + 2/bins, …, 1, between which a similarity is shared linearly. Ustinova and
/// Lempitsky, NIPS 2016, eq. 2–5. Unordered pairs of the batch, once each; as in pytorch-metric-learning only those of which one end is an
/// anchor with both positives and negatives. Similarities of unit vectors only. Nothing is detached; at a node the slope is that of the bin
/// above. Without positives or negatives 0. Time N·M; memory 2·N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="bins">Number of bins over [−1, 1].</param>
[Component(
    "histogram", Summary = "probability that a negative pair is more similar than a positive one", Equation = "ℓ = Σᵣ h⁻ᵣ·Σ_{q≤r} h⁺_q",
    Paper = "Ustinova and Lempitsky, Learning deep embeddings with histogram loss, NIPS 2016, eq. 2–5",
    Peers = "pytorch-metric-learning's HistogramLoss (pairs of its triplets, each once)",
    Cost = "6·N·M·D flops and N·M terms; 2·N·M numbers and N·M bytes")]
public sealed class Histogram(
    LossContext context,
    [Range(1, 10000), Description("number of bins over similarities −1 to 1")] int bins = 100)
    : PairLoss(context, new CosineSimilarity())
{
    /// <summary>Rows are counted in this many parts, so that the histograms stay small and sums join in the same order.</summary>
    private const int Parts = 16;

    /// <summary>Number of bins over [−1, 1].</summary>
    public int Bins { get; } = bins;

    /// <inheritdoc/>
    protected override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Distance is not { IsSimilarity: true, Normalize: true })
        {
            throw new InputException($"histogram: distance must be a similarity between −1 and 1 but is {batch.Distance}; use cosine.");
        }

        bool[] takesPart = new bool[batch.Anchors];
        ParallelRows.Run(takesPart.Length, i => takesPart[i] = batch.Count(i, Relation.Positive) > 0 && batch.Count(i, Relation.Negative) > 0);
        (double[] positives, double[] negatives) = Count(batch, takesPart);
        (double countP, double countN) = (positives.Sum(), negatives.Sum());
        if (countP == 0 || countN == 0)
        {
            return 0;
        }

        double loss = ToSlopes(positives, negatives, countP, countN);
        ParallelRows.Run(batch.Anchors, i =>
        {
            ReadOnlySpan<float> values = batch.Values(i);
            for (int j = 0; j < values.Length; j++)
            {
                if (Counts(batch, takesPart, i, j))
                {
                    double[] slopes = batch.Relations(i)[j] == Relation.Positive ? positives : negatives;
                    int node = At(values[j]).Node;
                    batch.Gradients(i)[j] = (float)((slopes[node + 1] - slopes[node]) * Bins / 2);
                }
            }
        });
        return loss;
    }

    private (double[] Positives, double[] Negatives) Count(PairBatch batch, bool[] takesPart)
    {
        (double[] Positives, double[] Negatives)[] parts = new (double[], double[])[Parts];
        ParallelRows.Run(Parts, part =>
        {
            (double[] positives, double[] negatives) = parts[part] = (new double[Bins + 2], new double[Bins + 2]);
            for (int i = part; i < batch.Anchors; i += Parts)
            {
                ReadOnlySpan<float> values = batch.Values(i);
                for (int j = 0; j < values.Length; j++)
                {
                    if (Counts(batch, takesPart, i, j))
                    {
                        double[] histogram = batch.Relations(i)[j] == Relation.Positive ? positives : negatives;
                        (int node, double share) = At(values[j]);
                        histogram[node] += 1 - share;
                        histogram[node + 1] += share;
                    }
                }
            }
        });
        foreach ((double[] positives, double[] negatives) in parts.Skip(1))
        {
            for (int r = 0; r < positives.Length; r++)
            {
                parts[0].Positives[r] += positives[r];
                parts[0].Negatives[r] += negatives[r];
            }
        }

        return parts[0];
    }

    /// <summary>Whether a pair counts: one of its ends is an anchor that takes part, and no earlier row counted it.</summary>
    private static bool Counts(PairBatch batch, bool[] takesPart, int anchor, int other) =>
        takesPart[anchor] && batch.Relations(anchor)[other] != Relation.None
        && !(batch.IsRepeat(anchor, other) && takesPart[batch.AnchorOf(other)]);

    /// <summary>The loss; replaces the histograms by dLoss/d(a positive, a negative at a node).</summary>
    private static double ToSlopes(double[] positives, double[] negatives, double countP, double countN)
    {
        double loss = 0, running = 0, total = 0;
        double[] later = new double[negatives.Length];
        for (int r = negatives.Length - 1; r >= 0; r--)
        {
            total += negatives[r];
            later[r] = total / countN / countP;
        }

        for (int r = 0; r < positives.Length; r++)
        {
            running += positives[r];
            loss += negatives[r] / countN * (running / countP);
            negatives[r] = running / countP / countN;
            positives[r] = later[r];
        }

        return loss;
    }

    /// <summary>The node under a similarity and the share of it that falls on the next.</summary>
    private (int Node, double Share) At(double value)
    {
        double at = Math.Clamp((value + 1) * Bins / 2, 0, Bins);
        int node = (int)at;
        return (node, at - node);
    }
}
