namespace Hypersphere.Losses.Classification;

/// <summary>A margin softmax whose margin is drawn anew for every row of every batch.</summary>
/// <remarks>mᵢ = m + σ·N(0, 1), not clamped; in use rather than training, and in curves, mᵢ = m. The draws depend on the seed, the step and
/// the position among the rows that count. With <see cref="Plus"/> the margins of a batch are sorted so that the row with the largest
/// target cosine gets the smallest. The margins are constants of the batch: nothing else is detached.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">m, the mean margin.</param>
/// <param name="std">σ.</param>
/// <param name="plus">Whether easy rows get small margins.</param>
/// <param name="scale">s.</param>
public abstract class ElasticMarginLoss(LossContext context, float margin, float std, bool plus, float scale) : MarginSoftmaxLoss(context, scale)
{
    /// <summary>Of the training batch at hand; taken once.</summary>
    private double[]? _drawn;

    /// <summary>m, the mean margin.</summary>
    public float Margin { get; } = margin;

    /// <summary>σ, the standard deviation of the margins.</summary>
    public float Std { get; } = std;

    /// <summary>Whether the row with the largest cosine gets the smallest margin of the batch.</summary>
    public bool Plus { get; } = plus;

    /// <summary>Margins of the rows instead of drawn ones, for comparisons.</summary>
    internal double[]? FixedMargins { get; set; }

    /// <inheritdoc/>
    protected sealed override void Observe(in TargetBatch batch) => _drawn = Draw(batch.Cosines, batch.Labels);

    /// <inheritdoc/>
    protected sealed override void Target(in TargetBatch batch)
    {
        double[]? margins = FixedMargins ?? _drawn;
        _drawn = null;
        for (int i = 0; i < batch.Cosines.Length; i++)
        {
            (double value, double slope) = Psi(batch.Cosines[i], (margins?[i] ?? Margin) * Ramp);
            batch.Values[i] = (float)value;
            batch.Slopes[i] = (float)slope;
        }
    }

    /// <summary>ψ and dψ/dcos for a margin.</summary>
    protected abstract (double Value, double Slope) Psi(float cosine, double margin);

    /// <summary>The margins of a training batch; 0 where the label is −1.</summary>
    internal double[] Draw(ReadOnlySpan<float> cosines, ReadOnlySpan<int> labels)
    {
        List<int> rows = [];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= 0)
            {
                rows.Add(i);
            }
        }

        double[] drawn = [.. rows.Select((_, k) => Margin + (Std * StepRandom.Fork("margin", k).NextGaussian()))];
        if (Plus)
        {
            float[] kept = cosines.ToArray();
            rows = [.. rows.OrderByDescending(i => kept[i])];
            Array.Sort(drawn);
        }

        double[] margins = new double[labels.Length];
        for (int k = 0; k < drawn.Length; k++)
        {
            margins[rows[k]] = drawn[k];
        }

        return margins;
    }
}
