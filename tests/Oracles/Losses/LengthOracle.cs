namespace Hypersphere.Oracles.Losses;

/// <summary>L-Softmax: logits are products of lengths and cosines, the own one with ψ.</summary>
public sealed class LengthOracle : SoftmaxOracle
{
    public required double Scale { get; init; }

    public required Func<double, double> Psi { get; init; }

    protected override double[] Logits(int row, double[][] inputs, double[][] frozen)
    {
        var logits = new double[inputs[1].Length / Dimensions];
        for (int j = 0; j < logits.Length; j++)
        {
            ReadOnlySpan<double> x = Row(inputs[0], row), w = Row(inputs[1], j);
            double cosine = Cosine(x, w);
            logits[j] = Scale * Norm(x) * Norm(w) * (j == Labels[row] ? Psi(cosine) : cosine);
        }

        return logits;
    }
}
