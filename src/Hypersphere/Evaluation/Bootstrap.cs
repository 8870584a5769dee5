using Hypersphere.Kernels.Threading;

namespace Hypersphere.Evaluation;

/// <summary>Confidence intervals of verification measures by the percentile bootstrap.</summary>
/// <remarks>Genuine and impostor pairs are drawn again, with replacement and each kind in its number, and the measure is taken of each
/// resample; the interval holds its middle share. Accuracy draws within each fold and keeps the threshold that the other folds chose. Pairs
/// are treated as independent: where they share samples the true intervals are wider. Depends on the seed, never on threads.</remarks>
public static class Bootstrap
{
    /// <summary>Intervals of accuracy, AUC, EER and TAR@FAR.</summary>
    /// <param name="result">What was measured.</param>
    /// <param name="rng">Where the randomness comes from.</param>
    /// <param name="fars">False accept rates to report at, or null for 1e-2 and 1e-3.</param>
    /// <param name="resamples">How many resamples, at least 1; 1,000 settle two digits.</param>
    /// <param name="confidence">Share of resamples inside the interval, above 0 and below 1.</param>
    public static VerificationIntervals Of(
        VerificationResult result, Rng rng, IReadOnlyList<double>? fars = null, int resamples = 1000, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        fars ??= EvaluationResult.DefaultFars;
        double[,] curve = new double[2 + fars.Count, resamples];
        double[] accuracy = new double[resamples];
        var resampler = new Resampler(result, rng);
        var body = new Draws(resampler, fars, curve, accuracy);
        WorkerPool.Shared.Run(resamples, ref body);
        Interval? Row(int row) => Middle([.. Enumerable.Range(0, resamples).Select(i => curve[row, i])], confidence);
        return new VerificationIntervals
        {
            Confidence = confidence,
            Resamples = resamples,
            Accuracy = Middle(accuracy, confidence),
            Auc = Row(0),
            Eer = Row(1),
            TarAtFar = fars.Distinct().ToDictionary(far => far, far => Row(2 + Array.IndexOf([.. fars], far))),
        };
    }

    /// <summary>The interval that leaves half of the rest on each side; null where a resample was undefined.</summary>
    private static Interval? Middle(double[] values, double confidence)
    {
        Array.Sort(values);
        double tail = (1 - confidence) / 2;
        return double.IsNaN(values[0]) ? null : new Interval(Quantile(values, tail), Quantile(values, 1 - tail));
    }

    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = Math.Min((int)at, sorted.Length - 1);
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + ((at - below) * (above - sorted[below]));
    }

    private readonly struct Draws(Resampler resampler, IReadOnlyList<double> fars, double[,] curve, double[] accuracy) : IParallelBody
    {
        public void Run(int chunk)
        {
            RocCurve drawn = resampler.Curve(chunk);
            curve[0, chunk] = drawn.Auc ?? double.NaN;
            curve[1, chunk] = drawn.Eer ?? double.NaN;
            for (int i = 0; i < fars.Count; i++)
            {
                curve[2 + i, chunk] = drawn.TarAt(fars[i]).Tar ?? double.NaN;
            }

            accuracy[chunk] = resampler.Accuracy(chunk) ?? double.NaN;
        }
    }
}
