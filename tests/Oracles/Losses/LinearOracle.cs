namespace Hypersphere.Oracles.Losses;

/// <summary>A linear layer with bias and the cross-entropy.</summary>
public sealed class LinearOracle : SoftmaxOracle
{
    protected override double[] Logits(int row, double[][] inputs, double[][] frozen)
    {
        var logits = new double[inputs[2].Length];
        for (int j = 0; j < logits.Length; j++)
        {
            logits[j] = Dot(Row(inputs[0], row), Row(inputs[1], j)) + inputs[2][j];
        }

        return logits;
    }
}
