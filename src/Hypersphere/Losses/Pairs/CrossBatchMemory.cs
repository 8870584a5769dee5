using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>Any loss over pairs or triplets, with the embeddings of earlier batches to compare with.</summary>
/// <remarks>The batch is put into a ring buffer of M embeddings first, in the place of the oldest; then the loss is that of the batch as
/// anchors against the whole memory, in which a sample is not compared with itself. Wang et al., Cross-batch memory for embedding learning,
/// CVPR 2020. What is remembered is constant, the batch's own copies too: gradients reach the anchors alone, about half of those within one
/// batch. Rows labelled −1 are not remembered; of a batch larger than the memory the last rows are. Memory and position are saved in
/// checkpoints and change in training only. Losses that need positives to be anchors (<c>triplet(swap=true)</c>, the miner <c>angular</c>)
/// refuse it. Positives, negatives and duplicates: as the loss says. Cost that of the loss with M references, and M·D numbers.</remarks>
[Component(
    "cross-batch-memory", Aliases = "xbm", Summary = "another loss, with earlier batches to compare with", Equation = "ℓ(batch; memory ∪ batch)",
    Paper = "Wang et al., Cross-batch memory for embedding learning, CVPR 2020",
    Peers = "pytorch-metric-learning's CrossBatchMemory (whose position in the memory is not in its state dictionary)",
    Detached = "the memory is constant, the copies of the batch in it too, as the paper has it",
    Cost = "that of the inner loss with M references: 4·N·M·D flops, 2·N·M numbers and N·M bytes; besides M·D numbers")]
public sealed class CrossBatchMemory : Loss
{
    private readonly Tensor _embeddings;
    private readonly Tensor _labels;
    private readonly Tensor _next;

    /// <summary>Makes an empty memory.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="loss">What is computed.</param>
    /// <param name="memory">M, embeddings that are remembered.</param>
    public CrossBatchMemory(
        LossContext context,
        [Description("the loss over pairs or triplets; without one, contrastive")] PairwiseLoss? loss = null,
        [Range(1, 1 << 22), Description("embeddings that are remembered")] int memory = 1024)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Loss = Add("loss", loss ?? new Contrastive(context));
        Memory = memory;
        _embeddings = AddBuffer("embeddings", new Shape(Math.Max(memory, 1), context.Embedding), 0);
        _labels = AddBuffer("labels", new Shape(Math.Max(memory, 1)), -1);
        _next = AddBuffer("next", new Shape(1), 0);
    }

    /// <summary>What is computed.</summary>
    public PairwiseLoss Loss { get; }

    /// <summary>M, embeddings that are remembered.</summary>
    public int Memory { get; }

    /// <inheritdoc/>
    public override bool NeedsPositives => Loss.NeedsPositives;

    /// <inheritdoc/>
    public override bool DependsOnLength => Loss.DependsOnLength;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        int[] self = IsTraining ? Remember(embeddings, labels.Span) : [.. Enumerable.Repeat(-1, labels.Length)];
        int empty = _labels.Span.IndexOf(-1), rows = Math.Max(empty < 0 ? Memory : empty, 1);
        Tensor references = Tensor.From(_embeddings.Span[..(rows * Context.Embedding)], new Shape(rows, Context.Embedding));
        int[] referenceLabels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            referenceLabels[i] = (int)_labels.Span[i];
        }

        return Loss.Forward(embeddings, labels, references, referenceLabels, self);
    }

    /// <summary>Puts the rows of known classes in the place of the oldest.</summary>
    /// <returns>Where every row stands, or −1.</returns>
    private int[] Remember(Tensor embeddings, ReadOnlySpan<int> labels)
    {
        int[] self = new int[labels.Length], owners = new int[Memory];
        Array.Fill(owners, -1);
        int next = (int)_next.Span[0], size = Context.Embedding;
        for (int i = 0; i < labels.Length; i++)
        {
            self[i] = -1;
            if (labels[i] >= 0)
            {
                if (owners[next] >= 0)
                {
                    self[owners[next]] = -1;
                }

                (self[i], owners[next]) = (next, i);
                embeddings.Span.Slice(i * size, size).CopyTo(_embeddings.Span[(next * size)..]);
                _labels.Span[next] = labels[i];
                next = (next + 1) % Memory;
            }
        }

        _next.Span[0] = next;
        return self;
    }
}
