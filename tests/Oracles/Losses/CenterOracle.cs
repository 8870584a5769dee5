namespace Hypersphere.Oracles.Losses;

/// <summary>The mean squared distance from the centre of the class.</summary>
public sealed class CenterOracle : LossOracle
{
    public override double Value(double[][] inputs, double[][] frozen)
    {
        double sum = 0;
        int[] rows = [.. Enumerable.Range(0, Rows).Where(i => Labels[i] >= 0)];
        foreach (int i in rows)
        {
            for (int d = 0; d < Dimensions; d++)
            {
                sum += Math.Pow(Row(inputs[0], i)[d] - Row(inputs[1], Labels[i])[d], 2) / rows.Length;
            }
        }

        return sum;
    }
}
