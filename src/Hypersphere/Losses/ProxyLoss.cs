using Hypersphere.Ops;
using Hypersphere.Tensors;

namespace Hypersphere.Losses;

/// <summary>A loss that keeps prototypes of every class and compares embeddings with them.</summary>
public abstract class ProxyLoss : Loss
{
    /// <summary>Makes the prototypes: Gaussian rows of length 1.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="centers">K, prototypes of a class; row c·K + k is the k-th of class c.</param>
    protected ProxyLoss(LossContext context, int centers = 1)
        : this(context, centers, spread: false)
    {
    }

    private protected ProxyLoss(LossContext context, int centers, bool spread)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfLessThan(centers, 1);
        PrototypesPerClass = centers;
        int rows = checked(context.Classes * centers);
        SpreadRows? share = spread && context.Ranks.Size > 1 ? new(context.Ranks, rows) : null;
        Prototypes = Add("prototypes", share is null ? new(new Shape(rows, context.Embedding), ParameterKind.Weight) : new(share, context.Embedding));
        Rng random = context.Random.Fork("prototypes");
        int first = share?.First ?? 0;
        ParallelRows.Run(
            Prototypes.Value.Shape[0], c => FillUnitRow(Prototypes.Value.Span.Slice(c * context.Embedding, context.Embedding), random.Fork("row", first + c)));
    }

    /// <inheritdoc/>
    public sealed override Parameter Prototypes { get; }

    /// <inheritdoc/>
    public sealed override int PrototypesPerClass { get; }

    /// <summary>The loss of a batch whose rows count differently.</summary>
    /// <param name="embeddings">[N, D], need not be normalised.</param>
    /// <param name="labels">N classes, 0 ≤ label &lt; C; −1 leaves a row out.</param>
    /// <param name="sampleWeights">N factors ≥ 0 of the rows' losses; the mean still divides by the rows that count.</param>
    /// <returns>A single number.</returns>
    /// <exception cref="ShapeException">A size does not fit.</exception>
    /// <exception cref="InputException">A label out of range.</exception>
    public Tensor Forward(Tensor embeddings, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights)
    {
        RequireFitting(embeddings, labels.Span);
        if (sampleWeights.Length != labels.Length)
        {
            Throw.Shape(GetType().Name, "the sample weights", $"{labels.Length}, one a row,", $"{sampleWeights.Length}");
        }

        return Compute(embeddings, labels, sampleWeights);
    }

    /// <summary>What the loss puts in the place of the cosine to the own prototype, with its slope, while all other classes are at
    /// 90°.</summary>
    /// <param name="theta">Angles to the own prototype in radians, 0 to π.</param>
    /// <param name="norm">Length of the embeddings, for margins that depend on it.</param>
    /// <returns>Values and slopes dψ/dcos θ, or null for a loss that does not look at the angle.</returns>
    public virtual (float[] Values, float[] Slopes)? TargetCurve(ReadOnlySpan<double> theta, float norm = 1) => null;

    /// <summary>ψ and its slope at the cosines of given angles.</summary>
    private protected static (float[] Values, float[] Slopes) Sample(ReadOnlySpan<double> theta, Func<float, (double Value, double Slope)> target)
    {
        (double Value, double Slope)[] points = Array.ConvertAll(theta.ToArray(), t => target((float)Math.Cos(t)));
        return (Array.ConvertAll(points, p => (float)p.Value), Array.ConvertAll(points, p => (float)p.Slope));
    }

    /// <inheritdoc/>
    protected sealed override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels) => Compute(embeddings, labels, default);

    /// <summary>The loss' own work on checked input.</summary>
    /// <param name="embeddings">[N, D].</param>
    /// <param name="labels">N classes, −1 for a row to leave out.</param>
    /// <param name="sampleWeights">N factors, or empty for 1.</param>
    protected abstract Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights);

    private static void FillUnitRow(Span<float> row, Rng random)
    {
        double square = 0;
        random.FillGaussian(row);
        foreach (float value in row)
        {
            square += (double)value * value;
        }

        float factor = (float)(1 / Math.Sqrt(Math.Max(square, 1e-24)));
        foreach (ref float value in row)
        {
            value *= factor;
        }
    }
}
