namespace Hypersphere.Oracles.Losses;

/// <summary>The mean over the rows of a function of all cosines of a row and of the parameters behind the prototypes.</summary>
public sealed class CosineTermOracle : LossOracle
{
    /// <summary>Label, cosines, inputs → loss of the row.</summary>
    public required Func<int, double[], double[][], double> OfRow { get; init; }

    public override double Value(double[][] inputs, double[][] frozen)
    {
        int[] rows = [.. Enumerable.Range(0, Rows).Where(i => Labels[i] >= 0)];
        return rows.Sum(i => OfRow(Labels[i], Cosines(i, inputs), inputs)) / Math.Max(1, rows.Length);
    }

    private double[] Cosines(int row, double[][] inputs) =>
        [.. Enumerable.Range(0, inputs[1].Length / Dimensions).Select(j => Cosine(Row(inputs[0], row), Row(inputs[1], j)))];
}
