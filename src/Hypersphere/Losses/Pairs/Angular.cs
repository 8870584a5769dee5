using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>The angle at the negative of the triangle that it forms with a positive pair stays under α.</summary>
/// <remarks>ℓ_ap = log(1 + Σ_n e^{4·tan²α·(x_a + x_p)·x_n − 2(1 + tan²α)·x_a·x_p}), mean over ordered positive pairs; all vectors of length
/// 1. Wang et al., ICCV 2017, eq. 8 (there for N-pair batches). With <c>normalizeNegatives=false</c> negatives keep their length, as in
/// pytorch-metric-learning, which normalises anchors and positives only. Nothing is detached. Without positives or negatives 0. Needs
/// cosines, and positives that are anchors as well. Time 4·N·P·M exponentials, P positives an anchor; memory 2·N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="alpha">α in radians.</param>
/// <param name="normalizeNegatives">Whether negatives are brought to length 1.</param>
[Component(
    "angular", Summary = "the angle at the negative of a triangle under a bound",
    Equation = "ℓ_ap = log(1 + Σₙ e^{4tan²α·(x_a + x_p)·xₙ − 2(1 + tan²α)·x_a·x_p})",
    Paper = "Wang et al., Deep metric learning with angular loss, ICCV 2017, eq. 8",
    Peers = "pytorch-metric-learning's AngularLoss with normalize_negatives=false, its alpha in degrees",
    Cost = "6·N·M·D flops and 4·N·P·M exponentials; 2·N·M numbers and N·M bytes")]
public sealed class Angular(
    LossContext context,
    [Range(0, 1.5), Description("upper bound α of the angle at the negative, radians")] float alpha = 0.6981317f,
    [Description("bring negatives to length 1, as anchors and positives are")] bool normalizeNegatives = true)
    : PositivePairLoss(context, new CosineSimilarity(), new MeanReduction())
{
    private readonly double _squaredTangent = Math.Pow(Math.Tan(alpha), 2);
    private Tensor? _lengths;
    private double[] _lengthSlopes = [];

    /// <summary>α in radians.</summary>
    public float Alpha { get; } = alpha;

    /// <summary>Whether negatives are brought to length 1.</summary>
    public bool NormalizeNegatives { get; } = normalizeNegatives;

    /// <inheritdoc/>
    protected override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Distance is not { IsSimilarity: true, Normalize: true })
        {
            throw new InputException($"angular: distance must be cosine but is {batch.Distance}.");
        }

        double loss = base.Evaluate(batch);
        _lengthSlopes = _lengths is null ? [] : LengthSlopes(batch);
        return loss;
    }

    /// <inheritdoc/>
    protected override void Terms(PairBatch batch, int anchor, Tally tally)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tally);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        for (int p = 0; p < relations.Length; p++)
        {
            if (relations[p] == Relation.Positive)
            {
                LogSumExp sum = Sum(batch, anchor, p);
                double weight = tally.Add(sum.Value, batch.Labels[anchor]);
                batch.Gradients(anchor)[p] -= (float)(weight * Push(batch, anchor, p, anchor, weight, sum) * 2 * (1 + _squaredTangent));
            }
        }

        for (int q = 0; q < batch.Anchors && batch.SelfOf(anchor) is var self && self >= 0; q++)
        {
            if (batch.Relations(q)[self] == Relation.Positive)
            {
                LogSumExp sum = Sum(batch, q, self);
                Push(batch, q, self, anchor, Reduction.Weight(sum.Value, batch.Labels[q]), sum);
            }
        }
    }

    private protected override IReadOnlyList<Tensor> Besides(Tensor embeddings, Tensor references)
    {
        _lengths = NormalizeNegatives ? null : Similarity.Norms(references);
        return _lengths is null ? [] : [_lengths];
    }

    private protected override void WriteLearned(IReadOnlyList<Tensor> gradients)
    {
        for (int n = 0; n < _lengthSlopes.Length; n++)
        {
            gradients[0].Span[n] = (float)_lengthSlopes[n];
        }
    }

    /// <summary>The length of a negative multiplies all its similarities, so its slope is theirs, Σ dLoss/ds·s, over the length.</summary>
    private double[] LengthSlopes(PairBatch batch)
    {
        double[] slopes = new double[batch.References];
        ParallelRows.Run(slopes.Length, n =>
        {
            for (int i = 0; i < batch.Anchors && Length(n) > 0; i++)
            {
                slopes[n] += batch.Relations(i)[n] == Relation.Positive ? 0 : batch.Gradients(i)[n] * (double)batch.Values(i)[n] / Length(n);
            }
        });
        return slopes;
    }

    /// <summary>log(1 + Σ) of a positive pair.</summary>
    private LogSumExp Sum(PairBatch batch, int anchor, int positive)
    {
        LogSumExp sum = new(0);
        ReadOnlySpan<float> own = batch.Values(anchor), others = Others(batch, positive);
        for (int n = 0; n < own.Length; n++)
        {
            if (batch.Relations(anchor)[n] == Relation.Negative)
            {
                sum.Add(Logit(own, others, positive, n));
            }
        }

        return sum;
    }

    /// <summary>Adds a pair's gradients by the similarities of one of its ends with the negatives; the sum of the shares.</summary>
    private double Push(PairBatch batch, int anchor, int positive, int end, double weight, in LogSumExp sum)
    {
        ReadOnlySpan<float> own = batch.Values(anchor), others = Others(batch, positive);
        Span<float> gradients = batch.Gradients(end);
        double shares = 0, factor = 4 * _squaredTangent * weight;
        for (int n = 0; n < own.Length; n++)
        {
            if (batch.Relations(anchor)[n] == Relation.Negative)
            {
                double share = sum.Share(Logit(own, others, positive, n));
                gradients[n] += (float)(factor * share * Length(n));
                shares += share;
            }
        }

        return shares;
    }

    private static ReadOnlySpan<float> Others(PairBatch batch, int positive) => batch.AnchorOf(positive) is var row && row >= 0
        ? batch.Values(row)
        : throw new InputException("angular: needs positives that are anchors as well; it does not go with references or a memory.");

    private double Logit(ReadOnlySpan<float> own, ReadOnlySpan<float> others, int positive, int n) =>
        (4 * _squaredTangent * Length(n) * ((double)own[n] + others[n])) - (2 * (1 + _squaredTangent) * own[positive]);

    private double Length(int n) => _lengths is null ? 1 : _lengths.Span[n];
}
