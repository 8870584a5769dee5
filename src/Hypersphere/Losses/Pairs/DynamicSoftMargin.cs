using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>Weighs every triplet by the share of triplets that are easier: a margin that the batches themselves tell.</summary>
/// <remarks>With x = d_ap − d_an: ℓ = mean over the triplets of CDF(x)·x, CDF from a running histogram of x with linear votes to two bins,
/// which first takes in this batch: H ← ((1 − μ)·H + μ·votes) / Σ; an empty one (μ = 1) begins with the first batch. Votes count triplets,
/// so that μ holds against their number. Zhang and Rusinkiewicz, ICCV 2019, eq. 5 and 6. The gradient goes through the histogram too, as in
/// pytorch-metric-learning: it is the true derivative for the histogram before the batch. The histogram is saved in checkpoints and changes
/// in training only. No triplets: 0, nothing changes. x beyond the histogram counts in its last bin. Time N·P·M, memory N·M.</remarks>
[Component(
    "dynamic-soft-margin", Summary = "triplets weighed by the share that is easier", Equation = "ℓ = mean CDF(x)·x, x = d_ap − d_an",
    Paper = "Zhang and Rusinkiewicz, Learning local descriptors with a CDF-based dynamic soft margin, ICCV 2019",
    Peers = "pytorch-metric-learning's DynamicSoftMarginLoss (its histogram is not in its state dictionary)",
    Cost = "6·N·M·D flops and 2·N·P·M steps; 2·N·M numbers and N·M bytes")]
public sealed class DynamicSoftMargin : TripletLoss
{
    /// <summary>Anchors that share a histogram while counting; fixed, so that sums do not depend on threads.</summary>
    private const int Chunk = 32;

    private readonly Tensor _histogram;

    /// <summary>Makes the histogram.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="bins">Bins over [minimum, −minimum].</param>
    /// <param name="minimum">The least x.</param>
    /// <param name="momentum">μ, the weight of a batch.</param>
    public DynamicSoftMargin(
        LossContext context,
        [Range(2, 100000), Description("bins of the histogram")] int bins = 10,
        [Range(-100, -0.001), Description("least d_ap − d_an; the bins reach from here to its opposite")] float minimum = -2,
        [Range(0, 1), Description("weight μ of the batch in the histogram")] float momentum = 0.01f)
        : base(context, new LpDistance())
    {
        (Bins, Minimum, Momentum) = (bins, minimum, momentum);
        _histogram = AddBuffer("histogram", new Shape(Math.Max(bins, 1)), 0);
    }

    /// <summary>Bins over [minimum, −minimum].</summary>
    public int Bins { get; }

    /// <summary>The least x.</summary>
    public float Minimum { get; }

    /// <summary>μ.</summary>
    public float Momentum { get; }

    /// <inheritdoc/>
    protected override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        (double[] votes, double[] sums, long triplets) = Count(batch);
        if (triplets == 0)
        {
            return 0;
        }

        double before = 0;
        foreach (float share in _histogram.Span)
        {
            before += share;
        }

        double momentum = before == 0 ? 1 : Momentum, total = ((1 - momentum) * before) + (momentum * triplets);
        double loss = 0, running = 0;
        double[] slopes = new double[Bins], vote = new double[Bins];
        for (int k = 0; k < Bins; k++)
        {
            double share = (((1 - momentum) * _histogram.Span[k]) + (momentum * votes[k])) / total;
            running += share;
            loss += running * sums[k] / triplets;
            slopes[k] = running / triplets;
            vote[k] = k == Bins - 1 ? 0 : momentum * sums[k] / (total * Width * triplets);
            _histogram.Span[k] = IsTraining ? (float)share : _histogram.Span[k];
        }

        Differentiate(batch, slopes, vote);
        return loss;
    }

    private double Width => 2 * Math.Abs((double)Minimum) / Bins;

    /// <summary>Lower bin, vote for the upper one, and whether the vote moves with x.</summary>
    private (int Bin, double Upper, bool Moves) Place(double x)
    {
        double place = (x - Minimum) / Width;
        return place < 0 ? (0, 0, false) : place >= Bins - 1 ? (Bins - 1, 0, false) : ((int)place, place - Math.Floor(place), true);
    }

    private (double[] Votes, double[] Sums, long Triplets) Count(PairBatch batch)
    {
        int sign = batch.Distance.Sign, chunks = (batch.Anchors + Chunk - 1) / Chunk;
        var parts = new (double[] Votes, double[] Sums, long Triplets)[chunks];
        ParallelRows.Run(chunks, c =>
        {
            (double[] votes, double[] sums, long triplets) = (new double[Bins + 1], new double[Bins], 0);
            for (int a = c * Chunk; a < Math.Min((c + 1) * Chunk, batch.Anchors); a++)
            {
                int anchor = a;
                EachTriplet(batch, anchor, (p, n) =>
                {
                    double x = sign * ((double)batch.Values(anchor)[p] - batch.Values(anchor)[n]);
                    (int bin, double upper, _) = Place(x);
                    votes[bin] += 1 - upper;
                    votes[bin + 1] += upper;
                    sums[bin] += x;
                    triplets++;
                });
            }

            parts[c] = (votes, sums, triplets);
        });
        (double[] allVotes, double[] allSums) = (new double[Bins], new double[Bins]);
        foreach ((double[] votes, double[] sums, _) in parts)
        {
            for (int k = 0; k < Bins; k++)
            {
                allVotes[k] += votes[k];
                allSums[k] += sums[k];
            }
        }

        return (allVotes, allSums, parts.Sum(p => p.Triplets));
    }

    /// <summary>dℓ/dx = CDF/T, less what x's own vote takes from the bin that it stands in.</summary>
    private void Differentiate(PairBatch batch, double[] slopes, double[] vote) => ParallelRows.Run(batch.Anchors, anchor =>
    {
        int sign = batch.Distance.Sign;
        double[] row = new double[batch.References];
        EachTriplet(batch, anchor, (p, n) =>
        {
            (int bin, _, bool moves) = Place(sign * ((double)batch.Values(anchor)[p] - batch.Values(anchor)[n]));
            double slope = sign * (slopes[bin] - (moves ? vote[bin] : 0));
            row[p] += slope;
            row[n] -= slope;
        });
        for (int j = 0; j < row.Length; j++)
        {
            batch.Gradients(anchor)[j] = (float)row[j];
        }
    });
}
