using Hypersphere.Collectives;
using Hypersphere.Layers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses;

/// <summary>What a loss is built for.</summary>
/// <param name="Classes">Identities in the training set.</param>
/// <param name="Embedding">D, numbers in an embedding.</param>
/// <param name="Random">Where the first prototypes come from.</param>
public sealed record LossContext(int Classes, int Embedding, Rng Random)
{
    /// <summary>Bytes that the margin softmax may use to keep its N×C exponentials; those beyond it are computed twice.</summary>
    public long ScratchBudget { get; init; } = 768L << 20;

    /// <summary>The ranks that train together: a loss sees the whole batch on every rank, and where it runs on the fused kernel each rank has the
    /// prototypes of some classes.</summary>
    public ICollective Ranks { get; init; } = SingleProcess.Instance;
}

/// <summary>What training makes small: a function of embeddings and their labels.</summary>
public abstract class Loss : Module
{
    private bool _checked;

    /// <summary>Takes what the loss is built for.</summary>
    protected Loss(LossContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfLessThan(context.Classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(context.Embedding, 1);
        Context = context;
    }

    /// <summary>What it was built for.</summary>
    public LossContext Context { get; }

    /// <summary>The name it is registered under; those of a sum's terms with + between.</summary>
    public virtual string Name => Registry<Loss>.NameOf(this);

    /// <summary>The losses that it is the sum of: itself, unless it is a <see cref="WeightedSum"/>.</summary>
    public virtual IReadOnlyList<Loss> Summands => [this];

    /// <summary>What to say before training, such as a scale too small for the number of classes; null for nothing.</summary>
    public virtual string? Warning => null;

    /// <summary>One row a class, [C, D], for losses that have them.</summary>
    public virtual Parameter? Prototypes => null;

    /// <summary>K, prototypes of a class; row c·K + k is the k-th of class c.</summary>
    public virtual int PrototypesPerClass => 1;

    /// <summary>Whether lengths of embeddings or prototypes matter, rather than their directions alone.</summary>
    public virtual bool DependsOnLength => false;

    /// <summary>Whether it learns from pairs of one class within a batch, which random batches of many classes hardly have.</summary>
    public virtual bool NeedsPositives => false;

    /// <summary>Whether its prototypes are used once in a batch, and whole, so that the backward pass may change them; see
    /// <see cref="Optimizers.Optimizer.StepInBackward"/>.</summary>
    internal virtual bool CanStepInBackward => false;

    /// <summary>Makes a loss, or a sum of losses and regularisers, from its specification.</summary>
    /// <param name="spec">Such as «arcface(margin=0.5, scale=64)» or «softmax + 0.003*center + 0.1*regular-face».</param>
    /// <param name="context">What the loss is built for.</param>
    /// <exception cref="InputException">Unknown name or option, or a value out of range; the message says what is allowed.</exception>
    public static Loss Create(string spec, LossContext context) => WeightedSum.Parse(spec, context);

    /// <summary>The loss of a batch.</summary>
    /// <param name="embeddings">[N, D], need not be normalised.</param>
    /// <param name="labels">N classes, 0 ≤ label &lt; C; −1 leaves a row out.</param>
    /// <returns>A single number, the mean over the rows that count, in nats; 0 when none counts.</returns>
    /// <exception cref="ShapeException">The embeddings have another size than the loss was built for.</exception>
    /// <exception cref="InputException">A label out of range.</exception>
    public Tensor Forward(Tensor embeddings, ReadOnlyMemory<int> labels)
    {
        RequireFitting(embeddings, labels.Span);
        return Compute(embeddings, labels);
    }

    /// <summary>The full specification, as checkpoints store it.</summary>
    public override string ToString() => Registry<Loss>.SpecOf(this);

    /// <summary>The loss' own work on checked input.</summary>
    protected abstract Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels);

    /// <summary>Refuses a batch that does not fit, and options out of range.</summary>
    private protected void RequireFitting(Tensor embeddings, ReadOnlySpan<int> labels)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        if (!_checked)
        {
            Registry<Loss>.Check(this);
            _checked = true;
        }

        if (embeddings.Shape.Rank != 2 || embeddings.Shape[1] != Context.Embedding)
        {
            Throw.Shape(
                GetType().Name, "the embeddings", $"[N, {Context.Embedding}] for prototypes [{Context.Classes}, {Context.Embedding}]",
                embeddings.Shape.ToString(), "was this loss built for another backbone?");
        }

        if (labels.Length != embeddings.Shape[0])
        {
            Throw.Shape(GetType().Name, "the labels", $"{embeddings.Shape[0]}, one a row,", $"{labels.Length}");
        }

        foreach (int label in labels)
        {
            if (label < -1 || label >= Context.Classes)
            {
                throw new InputException(
                    $"{GetType().Name}: label {label} is out of range; labels are 0 to {Context.Classes - 1}, or −1 for a row to leave out.");
            }
        }
    }
}
