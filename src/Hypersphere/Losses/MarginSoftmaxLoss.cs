using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
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

    /// <summary>The margin counts as a constant, dψ/dcos = 1, as arcface_torch trains (it applies the margin without recording
    /// it).</summary>
    StraightThrough,
}

/// <summary>Softmax over scaled cosines in which a margin makes the own class harder.</summary>
/// <remarks>ℓᵢ = log(1 + Σ_{j≠y} e^{s·v(cosθⱼ)} / e^{s·ψ(θ_y)}), mean over the rows that count; cosθⱼ = xᵢ·wⱼ / (‖xᵢ‖‖wⱼ‖), where a zero
/// row has cosine 0 with everything. A subclass writes ψ with its slope, and may say what v makes of the other classes; one fused kernel
/// does the rest: 3 products of 2·N·C·D flops, N×C exponentials held once or not at all. With <see cref="SampleRate"/> below 1 (Partial FC)
/// C is the number of classes sampled in everything but the memory of the prototypes.</remarks>
public abstract class MarginSoftmaxLoss : CrossEntropyLoss
{
    /// <summary>Makes the prototypes: Gaussian rows of length 1.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="scale">s, the radius of the hypersphere; 1/temperature.</param>
    /// <param name="gradient">Which derivative of the margin to follow.</param>
    protected MarginSoftmaxLoss(LossContext context, float scale, MarginGradient gradient = MarginGradient.Exact)
        : base(context, spread: true)
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

    /// <summary>Cosines of other classes above it count as 0 and get no gradient, since such a class is probably the same person; 0 for
    /// none. An et al., Partial FC, CVPR 2022.</summary>
    [ComponentOption]
    [Range(0, 1), Description("interclass filter: other classes with a larger cosine count as 0; 0: none")]
    public float Filter { get; init; }

    /// <summary>Share of the margin that is in force, 0 to 1: training may raise it from 0, since a full margin can keep a young network
    /// from sorting its classes at all.</summary>
    public float Ramp { get; set; } = 1;

    /// <summary>Share of the classes that a training step compares with, above 0 to 1: those of its batch and others drawn at random,
    /// ⌊rate·C⌋ together (Partial FC, An et al., CVPR 2022); 1 for all.</summary>
    /// <remarks>Classes that were not drawn are missing from the softmax, from label smoothing and from the gradient, which is then of the
    /// drawn rows alone (<see cref="Parameter.GradientRows"/>): optimizers leave the other prototypes and their momentum as they are, to the
    /// bit. The original Partial FC of 2020 and TFace do so too; arcface_torch's second version lets weight decay and the momentum of earlier
    /// steps go on moving the others. In use, and for curves, all classes count.</remarks>
    public double SampleRate { get; set; } = 1;

    /// <summary>ε: another class whose share of Σ_{j≠y} e^{s·vⱼ}, times |dv/dcos|, is at most ε gets no gradient from a row and gives it none; 0
    /// to 0.1, 0: all do.</summary>
    /// <remarks>The loss stays exact, its gradient loses what is small beside the row's strongest others, also near convergence, since the share
    /// is of the others' sum. When few pairs are left, two of the three products become sums over lists. It is not the gradient of another loss:
    /// what is lost always pushes apart. docs/PERFORMANCE.md says what it costs and saves. Not with label smoothing, which pulls at every
    /// class.</remarks>
    public float SparseGradient { get; set; }

    /// <summary>The classes that the next batches are compared with, in place of drawn ones; null draws them by
    /// <see cref="SampleRate"/>.</summary>
    public ClassSample? SampledClasses { get; set; }

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

    /// <inheritdoc/>
    public sealed override (float[] Values, float[] Slopes)? TargetCurve(ReadOnlySpan<double> theta, float norm = 1) => Curve(theta, norm);

    /// <summary>What becomes of the cosine of another class, and its slope, at given angles to it.</summary>
    /// <param name="theta">Angles to the other prototype in radians, 0 to π.</param>
    /// <param name="ownAngle">Angle to the own prototype in radians, on which the threshold of hard negatives depends.</param>
    public (float[] Values, float[] Slopes) NegativeCurve(ReadOnlySpan<double> theta, double ownAngle)
    {
        HardNegatives? rule = Apply(Cosines([ownAngle]), norm: 1).Negatives;
        (float Value, float Slope)[] points = Array.ConvertAll(Cosines(theta), c => rule?.At(0, c) ?? (c, 1f));
        return (Array.ConvertAll(points, p => p.Value), Array.ConvertAll(points, p => p.Slope));
    }

    /// <summary>What to say before training when no prototypes can give the own class a probability of 0.9 at this scale; null when some
    /// can.</summary>
    /// <remarks>The least loss of C prototypes spread evenly over the sphere is log(1 + (C − 1)·e^{−s·C/(C−1)}). Wang et al., NormFace, ACM
    /// MM 2017, proposition 2; CosFace, CVPR 2018, eq. 6.</remarks>
    public override string? Warning
    {
        get
        {
            double others = Math.Max(Context.Classes - 1, 1), gap = LargestGap, odds = others * Math.Exp(-CurrentScale * gap);
            return ScaleByNorm || 1 / (1 + odds) >= 0.9
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"scale {CurrentScale:0.##} is small for {Context.Classes:N0} classes: even a "
                    + $"perfect network gives the own class a probability of {1 / (1 + odds):0.##}; {Math.Log(9 * others) / gap:0.#} would allow 0.9");
        }
    }

    /// <summary>How far the own class' value can lie above the others', in units of the scale.</summary>
    private protected virtual double LargestGap => Context.Classes / Math.Max(Context.Classes - 1.0, 1);

    internal sealed override bool CanStepInBackward => SampleRate == 1 && SampledClasses is null;

    private protected sealed override Tensor LogitsOf(Tensor embeddings, ReadOnlyMemory<int> labels)
    {
        if (Prototypes.Value.Spread is not null)
        {
            throw new InvalidOperationException($"{GetType().Name}: each rank has some classes only; take the logits from a model that one process loads.");
        }

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

    /// <summary>Called once a batch, before all else, with the prototypes that take part and where the labels' stand among them.</summary>
    private protected virtual void Prepare(Tensor embeddings, Tensor prototypes, ReadOnlyMemory<int> labels)
    {
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights)
    {
        (Tensor prototypes, ReadOnlyMemory<int> places) = TakePart(labels);
        Prepare(embeddings, prototypes, places);
        MarginSoftmaxSettings settings = new(CurrentScale, Context.ScratchBudget)
        {
            ScaleByNorm = ScaleByNorm,
            Smoothing = Smoothing,
            SparseGradient = SparseGradient,
            Focal = Focal,
        };
        return MarginSoftmax.Forward(
            embeddings, prototypes, places, settings,
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

    /// <summary>The prototypes that the batch is compared with, and its labels among them.</summary>
    private (Tensor Prototypes, ReadOnlyMemory<int> Labels) TakePart(ReadOnlyMemory<int> labels)
    {
        bool draws = SampledClasses is null && IsTraining && SampleRate < 1;
        if ((draws ? ClassSample.Draw(Context.Classes, labels.Span, SampleRate, StepRandom.Fork("partial-fc")) : SampledClasses) is not { } sample)
        {
            return (Prototypes.Value, labels);
        }

        int[] places = sample.Places(labels.Span, Context.Classes, GetType().Name);
        if (Prototypes.Value.Spread is not { } spread)
        {
            return (GatherRows.Forward(Prototypes.Value, sample.Rows), places);
        }

        (ClassSample local, SpreadRows part) = sample.Of(spread);
        Tensor gathered = GatherRows.Forward(Prototypes.Value, local.Rows);
        gathered.Spread = part;
        return (gathered, places);
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

        if (SparseGradient > 0 && Smoothing > 0)
        {
            throw new InputException($"{GetType().Name}: label smoothing gives every class a gradient and does not go with a sparse one; leave one of them out.");
        }

        if (Filter > 0 && Smoothing > 0)
        {
            throw new InputException($"{GetType().Name}: label smoothing and the interclass filter do not go together.");
        }

        return Filter > 0 ? HardNegatives.Dropped(batch.Cosines.Length, Filter) : rule;
    }
}
