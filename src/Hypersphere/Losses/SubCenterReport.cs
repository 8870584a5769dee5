namespace Hypersphere.Losses;

/// <summary>Where a sample lies among the sub-centres of its class.</summary>
/// <param name="Index">Row of the embeddings.</param>
/// <param name="Label">Its class.</param>
/// <param name="Center">The nearest sub-centre of its class, 0 to K − 1.</param>
/// <param name="AngleToDominant">Angle to the dominant sub-centre of its class, in degrees.</param>
/// <param name="IsFar">Whether that angle is beyond the threshold.</param>
/// <param name="IsOffDominant">Whether its nearest sub-centre is another than the dominant one.</param>
public readonly record struct SubCenterSample(int Index, int Label, int Center, double AngleToDominant, bool IsFar, bool IsOffDominant);

/// <summary>Sub-centres of classes and the samples around them; samples far from the dominant one are probably labelled wrongly.</summary>
/// <param name="DominantCenters">Of each class the sub-centre nearest to most of its samples (the first of equals); −1 without
/// samples.</param>
/// <param name="Samples">All samples with a label, in order.</param>
public sealed record SubCenterReport(IReadOnlyList<int> DominantCenters, IReadOnlyList<SubCenterSample> Samples)
{
    /// <summary>The samples beyond the threshold, farthest first: what the paper drops before it trains again.</summary>
    public IEnumerable<SubCenterSample> Outliers => Samples.Where(s => s.IsFar).OrderByDescending(s => s.AngleToDominant);

    /// <summary>From the cosines [N, K] with the sub-centres of the own class.</summary>
    internal static SubCenterReport Of(ReadOnlySpan<float> cosines, ReadOnlySpan<int> labels, int classes, int centers, double threshold)
    {
        int[] nearest = new int[labels.Length], counts = new int[classes * centers], dominant = new int[classes];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= 0)
            {
                nearest[i] = Largest(cosines.Slice(i * centers, centers));
                counts[(labels[i] * centers) + nearest[i]]++;
            }
        }

        for (int c = 0; c < classes; c++)
        {
            Span<int> own = counts.AsSpan(c * centers, centers);
            dominant[c] = own.IndexOfAnyExcept(0) < 0 ? -1 : own.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max<int>(own));
        }

        List<SubCenterSample> samples = [];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= 0)
            {
                int center = dominant[labels[i]];
                double angle = double.RadiansToDegrees(Angle.Of(cosines[(i * centers) + center]));
                samples.Add(new(i, labels[i], nearest[i], angle, angle > threshold, nearest[i] != center));
            }
        }

        return new(dominant, samples);
    }

    /// <summary>Position of the largest number, the first of equals.</summary>
    internal static int Largest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int k = 1; k < values.Length; k++)
        {
            best = values[k] > values[best] ? k : best;
        }

        return best;
    }
}
