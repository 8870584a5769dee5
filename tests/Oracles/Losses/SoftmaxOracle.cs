namespace Hypersphere.Oracles.Losses;

/// <summary>The cross-entropy of logits that a subclass writes, row by row, with label smoothing and a focal factor.</summary>
public abstract class SoftmaxOracle : LossOracle
{
    /// <summary>ε.</summary>
    public double Smoothing { get; init; }

    /// <summary>γ.</summary>
    public double Focal { get; init; }

    public override double Value(double[][] inputs, double[][] frozen)
    {
        double sum = 0;
        for (int i = 0; i < Rows; i++)
        {
            sum += Labels[i] < 0 ? 0 : RowLoss(Labels[i], Logits(i, inputs, frozen));
        }

        return (sum / Math.Max(1, Labels.Count(l => l >= 0))) + Extra(inputs);
    }

    /// <summary>What enters the cross-entropy of a row.</summary>
    protected abstract double[] Logits(int row, double[][] inputs, double[][] frozen);

    /// <summary>What is added to the mean of the rows.</summary>
    protected virtual double Extra(double[][] inputs) => 0;

    private double RowLoss(int label, double[] logits)
    {
        double max = logits.Max(), log = max + Math.Log(logits.Sum(z => Math.Exp(z - max)));
        if (logits[label] == max)
        {
            double others = logits.Where((_, j) => j != label).Sum(z => Math.Exp(z - max));
            log = max + (others > 1e-5 ? Math.Log(1 + others) : others - (others * others / 2));
        }

        double loss = ((1 - Smoothing) * (log - logits[label])) + (Smoothing * (log - logits.Average()));
        return loss * (Focal == 0 ? 1 : Math.Pow(1 - Math.Exp(-loss), Focal));
    }
}
