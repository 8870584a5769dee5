using System.ComponentModel;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>A loss over the distances or similarities between the embeddings of a batch, or between them and others.</summary>
/// <remarks>All values come from one product and their gradient goes back by two: 6·N·M·D flops. Holds 2·N·M numbers and N·M bytes, never
/// N³.</remarks>
public abstract class PairwiseLoss : Loss
{
    /// <summary>Takes what the loss compares by.</summary>
    protected PairwiseLoss(LossContext context, Distance distance)
        : base(context) => Distance = distance;

    /// <summary>How pairs are compared.</summary>
    [ComponentOption]
    [Description("how pairs are compared")]
    public Distance Distance { get; init; }

    /// <inheritdoc/>
    public override bool NeedsPositives => true;

    /// <summary>Parameters that the loss learns itself, besides none.</summary>
    private protected virtual IReadOnlyList<Parameter> Learned => [];

    /// <summary>What the loss depends on besides the values of the pairs: what it learns, lengths of embeddings.</summary>
    private protected virtual IReadOnlyList<Tensor> Besides(Tensor embeddings, Tensor references) => [.. Learned.Select(p => p.Value)];

    /// <summary>The loss of anchors against other embeddings: a memory, another view, a gallery.</summary>
    /// <param name="embeddings">[N, D], the anchors.</param>
    /// <param name="labels">N classes; −1 leaves a row out.</param>
    /// <param name="references">[M, D]; gets a gradient if it needs one.</param>
    /// <param name="referenceLabels">M classes; −1 leaves one out.</param>
    /// <param name="self">For every anchor the reference that is the same sample, or −1; empty when there is none.</param>
    /// <returns>A single number.</returns>
    /// <exception cref="ShapeException">A size does not fit.</exception>
    /// <exception cref="InputException">A label out of range.</exception>
    public Tensor Forward(
        Tensor embeddings, ReadOnlyMemory<int> labels, Tensor references, ReadOnlyMemory<int> referenceLabels, ReadOnlyMemory<int> self = default)
    {
        RequireFitting(embeddings, labels.Span);
        RequireFitting(references, referenceLabels.Span);
        if (self.Length != 0 && self.Length != labels.Length)
        {
            Throw.Shape(GetType().Name, "the references that are the anchors themselves", $"{labels.Length}, one an anchor,", $"{self.Length}");
        }

        foreach (int row in self.Span)
        {
            if (row < -1 || row >= referenceLabels.Length)
            {
                throw new InputException($"{GetType().Name}: self names reference {row} of {referenceLabels.Length}; −1 means none.");
            }
        }

        return Compute(embeddings, references, new(labels, referenceLabels, self, false, StepRandom));
    }

    /// <inheritdoc/>
    protected sealed override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels) =>
        Compute(embeddings, embeddings, PairSides.Of(labels, StepRandom));

    /// <summary>The loss of a batch; writes dLoss/dValue into its gradients.</summary>
    protected abstract double Evaluate(PairBatch batch);

    /// <summary>Narrows the relations of a batch to the pairs that a miner chose.</summary>
    private protected virtual void Mine(Tensor embeddings, Tensor references, in PairSides sides, Tensor relations)
    {
    }

    /// <summary>Derivatives of what the loss depends on besides the pairs, written after <see cref="Evaluate"/>.</summary>
    private protected virtual void WriteLearned(IReadOnlyList<Tensor> gradients)
    {
    }

    private Tensor Compute(Tensor embeddings, Tensor references, PairSides sides)
    {
        Tensor values = Distance.Matrix(embeddings, references);
        Tensor relations = PairBatch.Relate(sides);
        Mine(embeddings, references, sides, relations);
        return Scalar.Forward([values, .. Besides(embeddings, references)], gradients =>
        {
            double loss = Evaluate(new PairBatch(Distance, values, relations, gradients[0], sides) { Dimensions = embeddings.Shape[1] });
            WriteLearned([.. gradients.Skip(1)]);
            return loss;
        });
    }
}
