namespace Hypersphere.Reports;

/// <summary>How the angles of genuine and impostor pairs are distributed, in equal bins over 0° … 180°.</summary>
/// <param name="Genuine">Pairs of one class by bin.</param>
/// <param name="Impostor">Pairs of different classes by bin; as many bins.</param>
/// <param name="ThresholdDegrees">The angle where the equal error rate is taken: below it a pair is accepted. NaN when unknown.</param>
/// <param name="Eer">Equal error rate, 0 … 1; NaN when unknown.</param>
public sealed record PairAngles(IReadOnlyList<long> Genuine, IReadOnlyList<long> Impostor, double ThresholdDegrees, double Eer)
{
    /// <summary>Counts angles into bins; NaN is left out.</summary>
    /// <param name="genuine">Angles of genuine pairs, degrees.</param>
    /// <param name="impostor">Angles of impostor pairs, degrees.</param>
    /// <param name="threshold">See <see cref="ThresholdDegrees"/>.</param>
    /// <param name="eer">See <see cref="Eer"/>.</param>
    /// <param name="bins">Number of bins over 0 … 180.</param>
    public static PairAngles Count(ReadOnlySpan<float> genuine, ReadOnlySpan<float> impostor, double threshold, double eer,
        int bins = 90) =>
        new(Fill(genuine, bins), Fill(impostor, bins), threshold, eer);

    private static long[] Fill(ReadOnlySpan<float> degrees, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        long[] counts = new long[bins];
        foreach (float angle in degrees)
        {
            if (!float.IsNaN(angle))
            {
                counts[(int)Math.Clamp(angle / 180.0 * bins, 0, bins - 1)]++;
            }
        }

        return counts;
    }
}
