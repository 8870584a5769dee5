namespace Hypersphere.Evaluation;

/// <summary>Verification exactly as insightface's published evaluation computes it, for numbers that compare with papers'.</summary>
/// <remarks>Squared distances d = 2 − 2·cosine of unit vectors; same when d &lt; t (strict); t in 0, 0.01, … 3.99, the first of equally
/// accurate ones; contiguous folds; standard deviations of the population. VAL: t in 0, 0.001, … 3.999, at the target FAR on the other
/// folds,
/// interpolated between the last grid point within it and the next.</remarks>
public sealed record InsightFaceProtocol
{
    private const int AccuracySteps = 400;
    private const int ValidationSteps = 4000;

    private InsightFaceProtocol()
    {
    }

    /// <summary>Accuracy per fold; thresholds are squared distances.</summary>
    public required FoldAccuracy Accuracy { get; init; }

    /// <summary>[400] true accept rate at each grid threshold, mean over the folds.</summary>
    public required double[] Tar { get; init; }

    /// <summary>[400] false accept rate at each grid threshold, mean over the folds.</summary>
    public required double[] Far { get; init; }

    /// <summary>Area under those 400 points by the trapezoidal rule.</summary>
    public required double Auc { get; init; }

    /// <summary>Validation rate: true accept rate at the target FAR, mean over the folds.</summary>
    public required double Val { get; init; }

    /// <summary>Standard deviation of the validation rate over the folds.</summary>
    public required double ValStd { get; init; }

    /// <summary>The false accept rate that was met on the folds, mean.</summary>
    public required double ValFar { get; init; }

    /// <summary>Runs the protocol over cosines of pairs.</summary>
    /// <param name="scores">[P] cosines.</param>
    /// <param name="same">[P] true for a genuine pair.</param>
    /// <param name="folds">At least 2.</param>
    /// <param name="far">Target for the validation rate.</param>
    /// <exception cref="InputException">A score is NaN, the lengths differ, or there are fewer pairs than folds.</exception>
    public static InsightFaceProtocol Evaluate(ReadOnlySpan<double> scores, ReadOnlySpan<bool> same, int folds = 10, double far = 1e-3)
    {
        double[] distances = new double[scores.Length];
        for (int i = 0; i < distances.Length; i++)
        {
            distances[i] = 2 - (2 * scores[i]);
        }

        return EvaluateDistances(distances, same, folds, far);
    }

    /// <summary>Runs the protocol over squared distances of pairs.</summary>
    /// <inheritdoc cref="Evaluate" path="/param|/exception"/>
    /// <param name="distances">[P] squared L2 distances.</param>
    /// <param name="same">[P] true for a genuine pair.</param>
    /// <param name="folds">At least 2.</param>
    /// <param name="far">Target for the validation rate.</param>
    public static InsightFaceProtocol EvaluateDistances(
        ReadOnlySpan<double> distances, ReadOnlySpan<bool> same, int folds = 10, double far = 1e-3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ScoredPairs.Check(distances, same);
        if (distances.Length < folds)
        {
            throw new InputException($"verification: {distances.Length} pairs do not fill {folds} folds; give more pairs or fewer folds");
        }

        var coarse = new ThresholdGrid(distances, same, folds, AccuracySteps, 0.01);
        var fine = new ThresholdGrid(distances, same, folds, ValidationSteps, 0.001);
        (double[] tar, double[] meanFar) = (new double[AccuracySteps], new double[AccuracySteps]);
        (double[] accuracies, double[] best) = (new double[folds], new double[folds]);
        (double[] val, double[] valFar) = (new double[folds], new double[folds]);
        for (int f = 0; f < folds; f++)
        {
            int step = coarse.MostAccurateWithout(f);
            (accuracies[f], best[f]) = (coarse.AccuracyOf(f, step), step * 0.01);
            for (int t = 0; t < AccuracySteps; t++)
            {
                tar[t] += coarse.TarOf(f, t) / folds;
                meanFar[t] += coarse.FarOf(f, t) / folds;
            }

            Range fold = Verification.Fold(distances.Length, folds, f);
            (val[f], valFar[f]) = Rates(distances[fold], same[fold], fine.ThresholdAtFarWithout(f, far));
        }

        double meanVal = val.Average();
        return new InsightFaceProtocol
        {
            Accuracy = new FoldAccuracy(accuracies, best),
            Tar = tar,
            Far = meanFar,
            Auc = Enumerable.Range(1, AccuracySteps - 1).Sum(t => (meanFar[t] - meanFar[t - 1]) * (tar[t] + tar[t - 1]) / 2),
            Val = meanVal,
            ValStd = Math.Sqrt(val.Average(v => (v - meanVal) * (v - meanVal))),
            ValFar = valFar.Average(),
        };
    }

    private static (double Tar, double Far) Rates(ReadOnlySpan<double> distances, ReadOnlySpan<bool> same, double threshold)
    {
        (int genuine, int trueAccepts, int falseAccepts) = (0, 0, 0);
        for (int i = 0; i < distances.Length; i++)
        {
            genuine += same[i] ? 1 : 0;
            trueAccepts += same[i] && distances[i] < threshold ? 1 : 0;
            falseAccepts += !same[i] && distances[i] < threshold ? 1 : 0;
        }

        return (ThresholdGrid.Share(trueAccepts, genuine), ThresholdGrid.Share(falseAccepts, distances.Length - genuine));
    }
}
