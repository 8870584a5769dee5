namespace Hypersphere.Evaluation;

/// <summary>Accuracy of each fold and the threshold it was judged by.</summary>
/// <param name="Folds">[k] share of right answers in each fold.</param>
/// <param name="Thresholds">[k] as chosen on the other folds.</param>
public sealed record FoldAccuracy(double[] Folds, double[] Thresholds)
{
    /// <summary>Mean over the folds, in [0, 1].</summary>
    public double Mean => Folds.Average();

    /// <summary>Standard deviation over the folds, of the population (divided by k, not k − 1), as the published code has it.</summary>
    public double Std
    {
        get
        {
            double mean = Mean;
            return Math.Sqrt(Folds.Average(a => (a - mean) * (a - mean)));
        }
    }
}
