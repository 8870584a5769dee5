namespace Hypersphere.Oracles.Losses;

/// <summary>AdaFace: the margin follows the norm, which is detached, against moving averages moved by the batch.</summary>
public sealed class AdaFaceOracle : SoftmaxOracle
{
    public required double Scale { get; init; }

    public required double Margin { get; init; }

    public required double H { get; init; }

    public required double Momentum { get; init; }

    public required double Epsilon { get; init; }

    public required double MeanBefore { get; init; }

    public required double DeviationBefore { get; init; }

    protected override double[] Logits(int row, double[][] inputs, double[][] frozen)
    {
        double[] norms = [.. Enumerable.Range(0, Rows).Where(i => Labels[i] >= 0).Select(i => Length(i, frozen))];
        double mean = (Momentum * norms.Average()) + ((1 - Momentum) * MeanBefore);
        double variance = norms.Sum(n => Math.Pow(n - norms.Average(), 2)) / Math.Max(1, norms.Length - 1);
        double deviation = norms.Length == 1 ? DeviationBefore : (Momentum * Math.Sqrt(variance)) + ((1 - Momentum) * DeviationBefore);
        double k = Math.Clamp(H * (Length(row, frozen) - mean) / (deviation + 1e-3), -1, 1);
        var logits = new double[inputs[1].Length / Dimensions];
        for (int j = 0; j < logits.Length; j++)
        {
            double cosine = Math.Clamp(Cosine(Row(inputs[0], row), Row(inputs[1], j)), -1 + Epsilon, 1 - Epsilon);
            double moved = Math.Clamp(Math.Acos(cosine) - (j == Labels[row] ? Margin * k : 0), Epsilon, Math.PI - Epsilon);
            logits[j] = Scale * (Math.Cos(moved) - (j == Labels[row] ? Margin + (Margin * k) : 0));
        }

        return logits;
    }

    private double Length(int row, double[][] inputs) => Math.Clamp(Norm(Row(inputs[0], row)), 1e-3, 100);
}
