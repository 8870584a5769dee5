namespace Hypersphere.Oracles.Losses;

/// <summary>A row of a margin softmax: its target cosine and the length of its embedding, as they are and as they count for what is
/// detached.</summary>
public readonly record struct MarginRow(int Index, double Cosine, double Norm, double FrozenCosine, double FrozenNorm);

/// <summary>Softmax over scaled cosines, ψ on the own class.</summary>
public sealed class MarginOracle : SoftmaxOracle
{
    /// <summary>s.</summary>
    public required double Scale { get; init; }

    /// <summary>ψ.</summary>
    public required Func<MarginRow, double> Target { get; init; }

    /// <summary>What becomes of the cosine of another class; the last argument is the cosine where it is detached.</summary>
    public Func<MarginRow, double, double, double> Negative { get; init; } = (_, cosine, _) => cosine;

    /// <summary>Whether logits keep ‖x‖.</summary>
    public bool ScaleByNorm { get; init; }

    /// <summary>What is added to the mean of the rows, a function of the lengths of those that count.</summary>
    public Func<double[], double> OfNorms { get; init; } = _ => 0;

    protected override double[] Logits(int row, double[][] inputs, double[][] frozen)
    {
        ReadOnlySpan<double> x = Row(inputs[0], row), still = Row(frozen[0], row);
        int label = Labels[row];
        MarginRow margin = new(
            row, Cosine(x, Row(inputs[1], label)), Norm(x), Cosine(still, Row(frozen[1], label)), Norm(still));
        double[] logits = new double[inputs[1].Length / Dimensions];
        for (int j = 0; j < logits.Length; j++)
        {
            double value = j == label
                ? Target(margin) : Negative(margin, Cosine(x, Row(inputs[1], j)), Cosine(still, Row(frozen[1], j)));
            logits[j] = Scale * value * (ScaleByNorm ? margin.Norm : 1);
        }

        return logits;
    }

    protected override double Extra(double[][] inputs) =>
        OfNorms([.. Enumerable.Range(0, Rows).Where(i => Labels[i] >= 0).Select(i => Norm(Row(inputs[0], i)))]);
}
