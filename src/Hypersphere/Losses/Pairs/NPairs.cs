using System.ComponentModel;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;
using Hypersphere.Ops;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>One pair of every class: each anchor picks its positive among the positives of all classes.</summary>
/// <remarks>ℓᵢ = log(1 + Σ_{j≠i} e^{aᵢ·pⱼ − aᵢ·pᵢ}), mean over the classes with a pair. Sohn, NIPS 2016, eq. 7 (multi-class N-pair), for
/// batches of two rows a class; with more, the first ordered pair of each class counts, as in pytorch-metric-learning, so the order of rows
/// matters. Products of the embeddings as they are, as in the paper, which bounds their length by a regulariser; <c>distance=cosine</c> is
/// pytorch-metric-learning's default. Nothing is detached. Without positives 0, without negatives 0. Time C²; memory 2·N·M.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
[Component(
    "n-pairs", Aliases = "npairs", Summary = "one pair of every class, each anchor picks its positive among all",
    Equation = "ℓᵢ = log(1 + Σ_{j≠i} e^{aᵢ·pⱼ − aᵢ·pᵢ})",
    Paper = "Sohn, Improved deep metric learning with multi-class N-pair loss objective, NIPS 2016, eq. 7",
    Peers = "pytorch-metric-learning's NPairsLoss with distance=cosine; the paper adds a regulariser of the embeddings' length",
    Cost = "6·N·M·D flops and C² exponentials; 2·N·M numbers and N·M bytes")]
public sealed class NPairs(LossContext context) : PairLoss(context, new DotSimilarity())
{
    /// <summary>How the classes' terms become one.</summary>
    [ComponentOption]
    [Description("how the classes' terms become one")]
    public Reduction Reduction { get; init; } = new MeanReduction();

    /// <inheritdoc/>
    protected override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        (int Anchor, int Positive)[] pairs = Pairs(batch);
        double[] losses = new double[pairs.Length];
        int sign = -batch.Distance.Sign;
        ParallelRows.Run(pairs.Length, i => losses[i] = Row(batch, pairs, i, sign));
        Tally tally = new(Reduction);
        double[] weights = [.. losses.Select((loss, i) => tally.Add(loss, batch.Labels[pairs[i].Anchor]))];
        for (int i = 0; i < pairs.Length; i++)
        {
            Span<float> gradients = batch.Gradients(pairs[i].Anchor);
            TensorPrimitives.Multiply(gradients, (float)(weights[i] * tally.Factor), gradients);
        }

        return tally.Value;
    }

    /// <summary>The cross-entropy of one anchor over the positives of all classes.</summary>
    private static double Row(PairBatch batch, (int Anchor, int Positive)[] pairs, int i, int sign)
    {
        ReadOnlySpan<float> values = batch.Values(pairs[i].Anchor);
        Span<float> gradients = batch.Gradients(pairs[i].Anchor);
        double own = values[pairs[i].Positive];
        LogSumExp sum = new(0);
        for (int j = 0; j < pairs.Length; j++)
        {
            if (j != i)
            {
                sum.Add(sign * (values[pairs[j].Positive] - own));
            }
        }

        double all = 0;
        for (int j = 0; j < pairs.Length; j++)
        {
            if (j != i)
            {
                double share = sign * sum.Share(sign * (values[pairs[j].Positive] - own));
                gradients[pairs[j].Positive] = (float)share;
                all += share;
            }
        }

        gradients[pairs[i].Positive] = (float)-all;
        return sum.Value;
    }

    /// <summary>The first ordered pair of every class that has one, by class.</summary>
    private static (int Anchor, int Positive)[] Pairs(PairBatch batch)
    {
        SortedDictionary<int, (int, int)> first = [];
        for (int i = 0; i < batch.Anchors; i++)
        {
            if (batch.Labels[i] >= 0 && !first.ContainsKey(batch.Labels[i])
                && batch.Relations(i).IndexOf(Relation.Positive) is var positive && positive >= 0)
            {
                first.Add(batch.Labels[i], (i, positive));
            }
        }

        return [.. first.Values];
    }
}
