namespace Hypersphere.Evaluation;

/// <summary>Counts of angles between 0° and 180° in bins of equal width; a bin holds its lower edge, the last one 180° too.</summary>
/// <param name="Counts">One count per bin.</param>
public sealed record AngleHistogram(long[] Counts)
{
    /// <summary>Bins of one degree.</summary>
    public const int DefaultBins = 180;

    /// <summary>Width of a bin in degrees.</summary>
    public double BinDegrees => 180.0 / Counts.Length;

    /// <summary>All angles counted.</summary>
    public long Total => Counts.Sum();

    /// <summary>Counts angles.</summary>
    /// <param name="degrees">Each from 0 to 180.</param>
    /// <param name="bins">At least 1.</param>
    public static AngleHistogram FromDegrees(ReadOnlySpan<double> degrees, int bins = DefaultBins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        long[] counts = new long[bins];
        foreach (double angle in degrees)
        {
            counts[Math.Clamp((int)(angle * bins / 180), 0, bins - 1)]++;
        }

        return new AngleHistogram(counts);
    }

    /// <summary>Counts the angles of genuine and of impostor pairs.</summary>
    /// <param name="cosines">[P] scores of pairs.</param>
    /// <param name="same">[P] true for a genuine pair.</param>
    /// <param name="bins">At least 1.</param>
    public static (AngleHistogram Genuine, AngleHistogram Impostor) FromScores(
        ReadOnlySpan<double> cosines, ReadOnlySpan<bool> same, int bins = DefaultBins)
    {
        List<double> genuine = [];
        List<double> impostor = [];
        for (int i = 0; i < cosines.Length; i++)
        {
            (same[i] ? genuine : impostor).Add(Vectors.Degrees(cosines[i]));
        }

        return (FromDegrees(genuine.ToArray(), bins), FromDegrees(impostor.ToArray(), bins));
    }
}
