using Hypersphere.Ops;
using Hypersphere.Tensors;

namespace Hypersphere.Losses;

/// <summary>Which derivative of the margin training follows.</summary>
public enum MarginGradient
{
    /// <summary>The true derivative of the loss.</summary>
    Exact,

    /// <summary>The margin counts as a constant, dψ/dcos = 1, as arcface_torch trains (it applies the margin without recording it).</summary>
    StraightThrough,
}

/// <summary>Softmax over scaled cosines in which a margin makes the own class harder.</summary>
/// <remarks>ℓᵢ = log(1 + Σ_{j≠y} e^{s·cosθⱼ} / e^{s·ψ(θ_y)}), mean over the rows that count; cosθⱼ = xᵢ·wⱼ / (‖xᵢ‖‖wⱼ‖), where a zero row has
/// cosine 0 with everything. A subclass writes ψ and its slope; one fused kernel does the rest: 3 products of 2·N·C·D flops, N×C
/// exponentials held once or not at all.</remarks>
public abstract class MarginSoftmaxLoss : Loss
{
    /// <summary>Makes the prototypes: Gaussian rows of length 1.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="scale">s, the radius of the hypersphere; 1/temperature.</param>
    /// <param name="gradient">Which derivative of the margin to follow.</param>
    protected MarginSoftmaxLoss(LossContext context, float scale, MarginGradient gradient = MarginGradient.Exact)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!(scale > 0) || !float.IsFinite(scale))
        {
            Throw.Argument(GetType().Name, "the scale", "a positive number", $"{scale}");
        }

        Scale = scale;
        Gradient = gradient;
        Prototypes = Add("prototypes", new Parameter(new Shape(context.Classes, context.Embedding), ParameterKind.Weight));
        Rng random = context.Random.Fork("prototypes");
        for (int c = 0; c < context.Classes; c++)
        {
            FillUnitRow(Prototypes.Value.Span.Slice(c * context.Embedding, context.Embedding), random.Fork("row", c));
        }
    }

    /// <summary>s, the radius of the hypersphere; 1/temperature.</summary>
    public float Scale { get; }

    /// <summary>Share of the margin that is in force, 0 to 1: training may raise it from 0, since a full margin can keep a young network from
    /// sorting its classes at all.</summary>
    public float Ramp { get; set; } = 1;

    /// <summary>Which derivative of the margin is followed.</summary>
    public MarginGradient Gradient { get; }

    /// <inheritdoc/>
    public sealed override Parameter Prototypes { get; }

    /// <summary>ψ and dψ/dcos at given angles, for curves and tests: the very code that training runs.</summary>
    /// <param name="theta">Angles to the own prototype in radians, 0 to π.</param>
    /// <param name="norm">Length of the embeddings, for margins that depend on it.</param>
    public (float[] Values, float[] Slopes) Curve(ReadOnlySpan<double> theta, float norm = 1)
    {
        float[] cosines = new float[theta.Length];
        for (int i = 0; i < cosines.Length; i++)
        {
            cosines[i] = (float)Math.Cos(theta[i]);
        }

        float[] norms = new float[cosines.Length];
        norms.AsSpan().Fill(norm);
        (float[] values, float[] slopes) = (new float[cosines.Length], new float[cosines.Length]);
        ApplyMargin(new TargetBatch(cosines, norms, new int[cosines.Length], values, slopes));
        return (values, slopes);
    }

    /// <summary>Writes ψ and dψ/dcos for every row.</summary>
    protected abstract void Target(in TargetBatch batch);

    /// <inheritdoc/>
    protected sealed override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels) =>
        MarginSoftmax.Forward(
            embeddings, Prototypes.Value, labels, Scale,
            (cosines, norms, values, slopes) => ApplyMargin(new(cosines, norms, labels.Span, values, slopes)), Context.ScratchBudget);

    private static void FillUnitRow(Span<float> row, Rng random)
    {
        double square = 0;
        foreach (ref float value in row)
        {
            value = (float)random.NextGaussian();
            square += (double)value * value;
        }

        float factor = (float)(1 / Math.Sqrt(Math.Max(square, 1e-24)));
        foreach (ref float value in row)
        {
            value *= factor;
        }
    }

    private void ApplyMargin(in TargetBatch batch)
    {
        Target(batch);
        if (Gradient == MarginGradient.StraightThrough)
        {
            batch.Slopes.Fill(1f);
        }
    }
}
