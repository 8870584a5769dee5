using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Backends;
using Hypersphere.Ops;
using Hypersphere.Registry;
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
/// <remarks>ℓᵢ = log(1 + Σ_{j≠y} e^{s·v(cosθⱼ)} / e^{s·ψ(θ_y)}), mean over the rows that count; cosθⱼ = xᵢ·wⱼ / (‖xᵢ‖‖wⱼ‖), where a zero
/// row has cosine 0 with everything. A subclass writes ψ with its slope, and may say what v makes of the other classes; one fused kernel
/// does the rest: 3 products of 2·N·C·D flops, N×C exponentials held once or not at all.</remarks>
public abstract class MarginSoftmaxLoss : ProxyLoss
{
    /// <summary>Makes the prototypes: Gaussian rows of length 1.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="scale">s, the radius of the hypersphere; 1/temperature.</param>
    /// <param name="gradient">Which derivative of the margin to follow.</param>
    protected MarginSoftmaxLoss(LossContext context, float scale, MarginGradient gradient = MarginGradient.Exact)
        : base(context)
    {
        if (!(scale > 0) || !float.IsFinite(scale))
        {
            Throw.Argument(GetType().Name, "the scale", "a positive number", $"{scale}");
        }

        Scale = scale;
        Gradient = gradient;
    }

    /// <summary>s, the radius of the hypersphere; 1/temperature.</summary>
    public float Scale { get; }

    /// <summary>γ: each row's loss is multiplied by (1 − p_y)^γ; 0 for the plain cross-entropy. Lin et al., Focal loss, ICCV 2017, eq. 4.</summary>
    [ComponentOption]
    [Range(0, 10), Description("focal factor (1 − p)^γ of each sample; 0: none")]
    public float Focal { get; init; }

    /// <summary>ε: the target distribution is 1 − ε + ε/C on the own class, ε/C on the others. Szegedy et al., CVPR 2016, eq. 7. Not with
    /// hard negatives.</summary>
    [ComponentOption]
    [Range(0, 0.99), Description("label smoothing ε; 0: none")]
    public float Smoothing { get; init; }

    /// <summary>Cosines of other classes above it count as 0 and get no gradient, since such a class is probably the same person; 0 for none.
    /// An et al., Partial FC, CVPR 2022.</summary>
    [ComponentOption]
    [Range(0, 1), Description("interclass filter: other classes with a larger cosine count as 0; 0: none")]
    public float Filter { get; init; }

    /// <summary>Share of the margin that is in force, 0 to 1: training may raise it from 0, since a full margin can keep a young network from
    /// sorting its classes at all.</summary>
    public float Ramp { get; set; } = 1;

    /// <summary>Which derivative of the margin is followed.</summary>
    public MarginGradient Gradient { get; }

    /// <summary>The scale that the next batch meets: <see cref="Scale"/> unless the loss adapts it.</summary>
    public virtual float CurrentScale => Scale;

    /// <summary>Whether a row's scale is s·‖x‖: the logits keep the length of the embedding, as in SphereFace.</summary>
    public virtual bool ScaleByNorm => false;

    /// <summary>ψ and dψ/dcos at given angles, for curves and tests: the very code that training runs.</summary>
    /// <param name="theta">Angles to the own prototype in radians, 0 to π.</param>
    /// <param name="norm">Length of the embeddings, for margins that depend on it.</param>
    public (float[] Values, float[] Slopes) Curve(ReadOnlySpan<double> theta, float norm = 1)
    {
        (float[] values, float[] slopes, _) = Apply(Cosines(theta), norm);
        return (values, slopes);
    }

    /// <summary>What becomes of the cosine of another class, and its slope, at given angles to it.</summary>
    /// <param name="theta">Angles to the other prototype in radians, 0 to π.</param>
    /// <param name="ownAngle">Angle to the own prototype in radians, on which the threshold of hard negatives depends.</param>
    public (float[] Values, float[] Slopes) NegativeCurve(ReadOnlySpan<double> theta, double ownAngle)
    {
        HardNegatives? rule = Apply(Cosines([ownAngle]), norm: 1).Negatives;
        (float Value, float Slope)[] points = Array.ConvertAll(Cosines(theta), c => rule?.At(0, c) ?? (c, 1f));
        return (Array.ConvertAll(points, p => p.Value), Array.ConvertAll(points, p => p.Slope));
    }

    /// <summary>What enters the cross-entropy: scaled, with margin; for a look at a batch, not for training.</summary>
    /// <param name="embeddings">[N, D].</param>
    /// <param name="labels">N classes; −1 for a row without margin.</param>
    /// <returns>[N, C], in the state that the last batch left. Cost 2·N·C·D flops.</returns>
    public Tensor Logits(Tensor embeddings, ReadOnlyMemory<int> labels)
    {
        RequireFitting(embeddings, labels.Span);
        (Tensor cosines, Tensor norms) = Similarity.Cosines(embeddings, Prototypes.Value);
        int classes = Context.Classes;
        (float[] own, float[] values) = (new float[labels.Length], new float[labels.Length]);
        for (int i = 0; i < own.Length; i++)
        {
            own[i] = labels.Span[i] < 0 ? 0 : Math.Clamp(cosines.Span[(i * classes) + labels.Span[i]], -1f, 1f);
        }

        HardNegatives? rule = ApplyMargin(new(own, norms.Span, labels.Span, values, new float[own.Length], new float[own.Length]));
        for (int i = 0; i < cosines.Count; i++)
        {
            (int row, int column) = Math.DivRem(i, classes);
            float value = column == labels.Span[row] ? values[row] : rule?.At(row, cosines.Span[i]).Value ?? cosines.Span[i];
            cosines.Span[i] = value * CurrentScale * (ScaleByNorm ? norms.Span[row] : 1);
        }

        return cosines;
    }

    /// <summary>Writes ψ and dψ/dcos for every row.</summary>
    protected abstract void Target(in TargetBatch batch);

    /// <summary>What becomes of the other classes' cosines; called after <see cref="Target"/>. Null leaves them as they are.</summary>
    protected virtual HardNegatives? Negatives(in TargetBatch batch) => null;

    /// <summary>Called once a training batch, before the margin: for losses that follow statistics of the batches.</summary>
    protected virtual void Observe(in TargetBatch batch)
    {
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights)
    {
        MarginSoftmaxSettings settings = new(CurrentScale, Context.ScratchBudget)
        {
            ScaleByNorm = ScaleByNorm, Smoothing = Smoothing, Focal = Focal,
        };
        return MarginSoftmax.Forward(
            embeddings, Prototypes.Value, labels, settings,
            (cosines, norms, values, slopes, normSlopes) =>
            {
                TargetBatch batch = new(cosines, norms, labels.Span, values, slopes, normSlopes);
                if (IsTraining)
                {
                    Observe(batch);
                }

                return ApplyMargin(batch)?.Rule;
            },
            sampleWeights);
    }

    private static float[] Cosines(ReadOnlySpan<double> theta) => Array.ConvertAll(theta.ToArray(), t => (float)Math.Cos(t));

    private (float[] Values, float[] Slopes, HardNegatives? Negatives) Apply(float[] cosines, float norm)
    {
        (float[] norms, float[] values) = (new float[cosines.Length], new float[cosines.Length]);
        (float[] slopes, float[] normSlopes) = (new float[cosines.Length], new float[cosines.Length]);
        norms.AsSpan().Fill(norm);
        return (values, slopes, ApplyMargin(new(cosines, norms, new int[cosines.Length], values, slopes, normSlopes)));
    }

    private HardNegatives? ApplyMargin(in TargetBatch batch)
    {
        Target(batch);
        HardNegatives? rule = Negatives(batch);
        if (Gradient == MarginGradient.StraightThrough)
        {
            batch.Slopes.Fill(1f);
            batch.NormSlopes.Clear();
        }

        if (rule is not null && (Smoothing > 0 || Filter > 0))
        {
            throw new InputException($"{GetType().Name}: label smoothing and the interclass filter do not go with a loss that changes the other classes.");
        }

        if (Filter > 0 && Smoothing > 0)
        {
            throw new InputException($"{GetType().Name}: label smoothing and the interclass filter do not go together.");
        }

        return Filter > 0 ? HardNegatives.Dropped(batch.Cosines.Length, Filter) : rule;
    }
}
