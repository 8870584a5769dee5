namespace Hypersphere.Oracles.Losses;

/// <summary>CurricularFace: ArcFace with hard negatives cos·(t + cos), t moved by the batch as it is detached.</summary>
public sealed class CurricularOracle : SoftmaxOracle
{
    public required double Scale { get; init; }

    public required double Margin { get; init; }

    /// <summary>t before the batch.</summary>
    public required double Before { get; init; }

    public required double Momentum { get; init; }

    protected override double[] Logits(int row, double[][] inputs, double[][] frozen)
    {
        int[] rows = [.. Enumerable.Range(0, Rows).Where(i => Labels[i] >= 0)];
        double t = (Momentum * rows.Average(i => Own(i, frozen))) + ((1 - Momentum) * Before);
        double own = Own(row, inputs), widened = Math.Cos(Math.Acos(own) + Margin);
        var logits = new double[inputs[1].Length / Dimensions];
        for (int j = 0; j < logits.Length; j++)
        {
            double c = Cosine(Row(inputs[0], row), Row(inputs[1], j));
            logits[j] = Scale * (j == Labels[row] ? own > Math.Cos(Math.PI - Margin) ? widened : own - (Margin * Math.Sin(Margin))
                : c > widened ? c * (t + c) : c);
        }

        return logits;
    }

    private double Own(int row, double[][] inputs) => Cosine(Row(inputs[0], row), Row(inputs[1], Labels[row]));
}
