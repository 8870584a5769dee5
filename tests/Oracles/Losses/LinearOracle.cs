namespace Hypersphere.Oracles.Losses;

/// <summary>A linear layer with bias and the cross-entropy, on embeddings as they are or brought to one length.</summary>
public sealed class LinearOracle : SoftmaxOracle
{
    /// <summary>The length of every embedding, unless there is a fourth input, which then is; 0 leaves embeddings as they are.</summary>
    public double Length { get; init; }

    protected override double[] Logits(int row, double[][] inputs, double[][] frozen)
    {
        ReadOnlySpan<double> x = Row(inputs[0], row);
        double length = inputs.Length > 3 ? inputs[3][0] : Length, factor = length == 0 ? 1 : Norm(x) > 1e-12 ? length / Norm(x) : 0;
        var logits = new double[inputs[2].Length];
        for (int j = 0; j < logits.Length; j++)
        {
            logits[j] = (factor * Dot(x, Row(inputs[1], j))) + inputs[2][j];
        }

        return logits;
    }
}
