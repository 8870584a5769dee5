using Hypersphere.Collectives;
using Hypersphere.Losses;
using Hypersphere.Optimizers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>A loss on random embeddings.</summary>
/// <param name="Loss">Its specification.</param>
/// <param name="Labels">A class for each embedding.</param>
/// <param name="Classes">C.</param>
/// <param name="Dimension">D.</param>
internal sealed record HeadWork(string Loss, int[] Labels, int Classes, int Dimension)
{
    /// <summary>Share of the classes that a step compares with.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>ε of a sparse gradient; 0: a whole one.</summary>
    public double SparseGradient { get; init; }

    /// <summary>Cosine of each embedding with the first prototype of its class, where that is not left to chance.</summary>
    public double? Cosine { get; init; }

    /// <summary>What steps the prototypes after each run; empty: nothing does.</summary>
    public string Optimizer { get; init; } = "";

    /// <summary>Who splits the classes.</summary>
    public ICollective Ranks { get; init; } = SingleProcess.Instance;

    public static int[] RandomLabels(int batch, int classes)
    {
        Rng choice = new Rng(0).Fork("labels");
        return [.. Enumerable.Range(0, batch).Select(_ => choice.NextInt(classes))];
    }

    public Loss CreateLoss(Rng random)
    {
        Loss loss = Losses.Loss.Create(Loss, new LossContext(Classes, Dimension, random) { Ranks = Ranks });
        if (Rate < 1 || SparseGradient > 0)
        {
            MarginSoftmaxLoss head = loss as MarginSoftmaxLoss
                ?? throw new InputException($"{loss.Name} compares with all its classes at once; leave --partial-fc and --sparse-gradient out.");
            (head.SampleRate, head.SparseGradient) = (Rate, (float)SparseGradient);
        }

        return loss;
    }

    public Optimizer? CreateOptimizer() => Optimizer.Length > 0 ? Registry<Optimizer>.Create(Optimizer) : null;

    /// <summary>Gaussian, then turned to the prototypes.</summary>
    public Parameter CreateEmbeddings(Rng random, Loss loss)
    {
        var embeddings = new Parameter(new Shape(Labels.Length, Dimension), ParameterKind.Weight);
        random.FillGaussian(embeddings.Value.Span);

        if (Cosine is { } cosine)
        {
            if (Ranks.Size > 1)
            {
                throw new InputException("no rank holds the prototypes of all embeddings; leave --cosine out.");
            }

            Span<float> prototypes = (loss.Prototypes ?? throw new InputException($"{loss.Name} has no prototypes; leave --cosine out.")).Value.Span;
            for (int i = 0; i < Labels.Length; i++)
            {
                Turn(embeddings.Value.Span.Slice(i * Dimension, Dimension), prototypes.Slice(Labels[i] * loss.PrototypesPerClass * Dimension, Dimension), cosine);
            }
        }

        return embeddings;
    }

    /// <summary>Gives x that cosine with a prototype of length 1, in the plane of both.</summary>
    private static void Turn(Span<float> x, ReadOnlySpan<float> prototype, double cosine)
    {
        (double along, double square) = (0, 0);
        for (int d = 0; d < x.Length; d++)
        {
            along += x[d] * prototype[d];
            square += x[d] * x[d];
        }

        double across = Math.Sqrt((1 - (cosine * cosine)) / Math.Max(square - (along * along), 1e-12));
        for (int d = 0; d < x.Length; d++)
        {
            x[d] = (float)((across * (x[d] - (along * prototype[d]))) + (cosine * prototype[d]));
        }
    }
}
