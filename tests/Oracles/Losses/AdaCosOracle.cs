namespace Hypersphere.Oracles.Losses;

/// <summary>AdaCos: cosine softmax at the scale that the batch (as it is detached) sets.</summary>
public sealed class AdaCosOracle : SoftmaxOracle
{
    /// <summary>The scale before the batch.</summary>
    public required double Before { get; init; }

    /// <summary>Whether the scale follows the batches.</summary>
    public bool Dynamic { get; init; } = true;

    protected override double[] Logits(int row, double[][] inputs, double[][] frozen)
    {
        double scale = Dynamic ? Scale(frozen) : Before;
        return [.. Cosines(row, inputs).Select(c => scale * c)];
    }

    private double[] Cosines(int row, double[][] inputs) =>
        [.. Enumerable.Range(0, inputs[1].Length / Dimensions).Select(j => Cosine(Row(inputs[0], row), Row(inputs[1], j)))];

    private double Scale(double[][] inputs)
    {
        int[] rows = [.. Enumerable.Range(0, Rows).Where(i => Labels[i] >= 0)];
        double mean = rows.Average(i => Cosines(i, inputs).Where((_, j) => j != Labels[i]).Sum(c => Math.Exp(Before * c)));
        double[] angles = [.. rows.Select(i => Math.Acos(Cosines(i, inputs)[Labels[i]])).Order()];
        return Math.Log(mean) / Math.Cos(Math.Min(Math.PI / 4, angles[(angles.Length - 1) / 2]));
    }
}
