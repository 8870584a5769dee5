namespace Hypersphere.Oracles.Losses;

/// <summary>The values between all rows of a batch and their classes, as the formulas of pair losses read them.</summary>
/// <param name="Values">Distance or similarity, [i][j].</param>
/// <param name="Labels">Classes.</param>
/// <param name="Lengths">‖x‖.</param>
public sealed record PairTable(double[][] Values, int[] Labels, double[] Lengths)
{
    public int Rows => Labels.Length;

    public int[] Positives(int i) => [.. Enumerable.Range(0, Rows).Where(j => j != i && Labels[j] == Labels[i])];

    public int[] Negatives(int i) => [.. Enumerable.Range(0, Rows).Where(j => Labels[j] != Labels[i])];

    /// <summary>Ordered positive pairs.</summary>
    public (int A, int P)[] PositivePairs() => [.. from a in Enumerable.Range(0, Rows) from p in Positives(a) select (a, p)];

    /// <summary>Ordered negative pairs.</summary>
    public (int A, int N)[] NegativePairs() => [.. from a in Enumerable.Range(0, Rows) from n in Negatives(a) select (a, n)];
}
