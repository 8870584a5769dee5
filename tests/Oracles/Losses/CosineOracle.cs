namespace Hypersphere.Oracles.Losses;

/// <summary>The cross-entropy of logits that are a function of all cosines of a row.</summary>
public sealed class CosineOracle : SoftmaxOracle
{
    /// <summary>Label, cosines with all prototypes, the same where they are detached → logits.</summary>
    public required Func<int, double[], double[], double[]> OfCosines { get; init; }

    /// <summary>What is added, a function of the prototypes.</summary>
    public Func<double[], double> OfPrototypes { get; init; } = _ => 0;

    protected override double[] Logits(int row, double[][] inputs, double[][] frozen) =>
        OfCosines(Labels[row], Cosines(row, inputs), Cosines(row, frozen));

    protected override double Extra(double[][] inputs) => OfPrototypes(inputs[1]);

    private double[] Cosines(int row, double[][] inputs) =>
        [.. Enumerable.Range(0, inputs[1].Length / Dimensions).Select(j => Cosine(Row(inputs[0], row), Row(inputs[1], j)))];
}
