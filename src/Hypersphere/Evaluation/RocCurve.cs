namespace Hypersphere.Evaluation;

/// <summary>Receiver operating characteristic: how many genuine and impostor pairs are accepted at every threshold "score ≥ t".</summary>
/// <remarks>Points run from (0, 0), threshold +∞, to (1, 1); equal scores make one point. Without genuine or without impostor pairs
/// there is
/// no curve: <see cref="IsDefined"/> is false and every measure null.</remarks>
public sealed class RocCurve
{
    private readonly long[] _falseAccepts;
    private readonly long[] _trueAccepts;

    internal RocCurve(double[] thresholds, long[] falseAccepts, long[] trueAccepts, (long Genuine, long Impostors) totals)
    {
        (Genuine, Impostors) = totals;
        IsDefined = Genuine > 0 && Impostors > 0;
        Thresholds = IsDefined ? thresholds : [];
        _falseAccepts = IsDefined ? falseAccepts : [];
        _trueAccepts = IsDefined ? trueAccepts : [];
        Far = Array.ConvertAll(_falseAccepts, n => (double)n / Impostors);
        Tar = Array.ConvertAll(_trueAccepts, n => (double)n / Genuine);
    }

    /// <summary>Whether there are both genuine and impostor pairs.</summary>
    public bool IsDefined { get; }

    /// <summary>Genuine pairs behind the curve.</summary>
    public long Genuine { get; }

    /// <summary>Impostor pairs behind the curve.</summary>
    public long Impostors { get; }

    /// <summary>Number of points.</summary>
    public int Count => Far.Length;

    /// <summary>Descending; the first is +∞ (nothing accepted).</summary>
    public double[] Thresholds { get; }

    /// <summary>False accept rate at each threshold: impostor pairs accepted / impostor pairs.</summary>
    public double[] Far { get; }

    /// <summary>True accept rate at each threshold: genuine pairs accepted / genuine pairs. FRR = 1 − TAR.</summary>
    public double[] Tar { get; }

    /// <summary>Area under the curve = P(genuine score &gt; impostor score) + ½ P(equal) (Mann–Whitney), in [0, 1].</summary>
    public double? Auc
    {
        get
        {
            Int128 twice = 0;
            for (int k = 1; k < Count; k++)
            {
                twice += (Int128)(_falseAccepts[k] - _falseAccepts[k - 1]) * (_trueAccepts[k] + _trueAccepts[k - 1]);
            }

            return IsDefined ? (double)twice / (2.0 * Genuine * Impostors) : null;
        }
    }

    /// <summary>Equal error rate: where the curve, drawn with straight lines, meets FAR = FRR; in [0, 1].</summary>
    public double? Eer
    {
        get
        {
            for (int k = 1; k < Count; k++)
            {
                (double before, double after) = (Far[k - 1] + Tar[k - 1] - 1, Far[k] + Tar[k] - 1);
                if (after >= 0)
                {
                    double t = -before / (after - before);
                    return Far[k - 1] + (t * (Far[k] - Far[k - 1]));
                }
            }

            return null;
        }
    }

    /// <summary>Average precision Σ (TARₖ − TARₖ₋₁)·precisionₖ, without interpolation.</summary>
    public double? AveragePrecision
    {
        get
        {
            double sum = 0;
            for (int k = 1; k < Count; k++)
            {
                sum += (Tar[k] - Tar[k - 1]) * _trueAccepts[k] / (_trueAccepts[k] + _falseAccepts[k]);
            }

            return IsDefined ? sum : null;
        }
    }

    /// <summary>The curve of scored pairs.</summary>
    /// <param name="scores">[P], higher means more alike.</param>
    /// <param name="same">[P] true for a genuine pair.</param>
    /// <exception cref="InputException">A score is NaN, or the lengths differ.</exception>
    public static RocCurve FromScores(ReadOnlySpan<double> scores, ReadOnlySpan<bool> same)
    {
        return FromSorted(ScoredPairs.Descending(scores, same), null);
    }

    /// <summary>The curve of sorted pairs, each counted as often as <paramref name="times"/> says, or once.</summary>
    internal static RocCurve FromSorted(in ScoredPairs sorted, int[]? times)
    {
        List<double> thresholds = [double.PositiveInfinity];
        List<long> falseAccepts = [0];
        List<long> trueAccepts = [0];
        (long accepted, long genuine) = (0, 0);
        for (int i = 0; i < sorted.Count; i++)
        {
            int weight = times is null ? 1 : times[i];
            (accepted, genuine) = (accepted + weight, genuine + (sorted.Same[i] ? weight : 0));
            if (i + 1 == sorted.Count || sorted.Scores[i + 1] != sorted.Scores[i])
            {
                thresholds.Add(sorted.Scores[i]);
                falseAccepts.Add(accepted - genuine);
                trueAccepts.Add(genuine);
            }
        }

        return new RocCurve([.. thresholds], [.. falseAccepts], [.. trueAccepts], (genuine, accepted - genuine));
    }

    /// <summary>The largest true accept rate at any threshold whose false accept rate is at most <paramref name="far"/>.</summary>
    /// <param name="far">Above 0, at most 1. Below 1 / impostors the pairs cannot tell, and the rate is null.</param>
    public TarAtFar TarAt(double far)
    {
        if (!IsDefined || far * Impostors < 1 - 1e-9)
        {
            return new TarAtFar(far, null, null, null);
        }

        long allowed = (long)Math.Floor((far * Impostors) + 1e-9);
        int k = Array.FindLastIndex(_falseAccepts, n => n <= allowed);
        return new TarAtFar(far, Tar[k], Far[k], double.IsFinite(Thresholds[k]) ? Thresholds[k] : null);
    }

    /// <summary>The true accept rate at the point whose false accept rate is nearest to <paramref name="far"/>, the higher one of equals
    /// (the convention of the published IJB scripts, which may exceed the target).</summary>
    public double? TarNearest(double far)
    {
        int best = -1;
        for (int k = Count - 1; k >= 0; k--)
        {
            if (best < 0 || Math.Abs(Far[k] - far) < Math.Abs(Far[best] - far))
            {
                best = k;
            }
        }

        return best < 0 ? null : Tar[best];
    }

    /// <summary>The same curve without the points that lie between two equal steps, which a drawing does not need.</summary>
    public RocCurve Corners()
    {
        List<int> kept = [0];
        for (int k = 1; k < Count; k++)
        {
            bool inside = k > 1 && k + 1 < Count
                && _falseAccepts[k + 1] - _falseAccepts[k] == _falseAccepts[k] - _falseAccepts[k - 1]
                && _trueAccepts[k + 1] - _trueAccepts[k] == _trueAccepts[k] - _trueAccepts[k - 1];
            if (!inside)
            {
                kept.Add(k);
            }
        }

        return Select(kept);
    }

    /// <summary>At most about 3·<paramref name="resolution"/> points, for drawing on a linear or a logarithmic FAR axis.</summary>
    /// <remarks>A point stays when FAR or TAR moved by 1/resolution, or FAR by a factor 10^(6/resolution), since the last that
    /// stayed.</remarks>
    /// <param name="resolution">Steps along an axis, such as its length in pixels.</param>
    public RocCurve Thinned(int resolution)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 1);
        List<int> kept = [0];
        for (int k = 1; k < Count; k++)
        {
            int last = kept[^1];
            double step = Math.Max(Far[k] - Far[last], Tar[k] - Tar[last]);
            double decades = Math.Log10(Math.Max(Far[k], 1e-6) / Math.Max(Far[last], 1e-6));
            if (k + 1 == Count || step * resolution >= 1 || decades * resolution >= 6)
            {
                kept.Add(k);
            }
        }

        return Select(kept);
    }

    /// <summary>Detection error trade-off: the normal deviates (probits) of FAR and FRR; points with a rate of 0 or 1 are left
    /// out.</summary>
    public (double Far, double Frr)[] Det()
    {
        List<(double Far, double Frr)> points = [];
        for (int k = 0; k < Count; k++)
        {
            if (Far[k] > 0 && Far[k] < 1 && Tar[k] > 0 && Tar[k] < 1)
            {
                points.Add((NormalDistribution.Quantile(Far[k]), NormalDistribution.Quantile(1 - Tar[k])));
            }
        }

        return [.. points];
    }

    private RocCurve Select(List<int> kept) => IsDefined
        ? new RocCurve(Pick(Thresholds, kept), Pick(_falseAccepts, kept), Pick(_trueAccepts, kept), (Genuine, Impostors))
        : this;

    private static T[] Pick<T>(T[] from, List<int> kept) => [.. kept.Select(k => from[k])];
}
