namespace Hypersphere.Oracles.Losses;

/// <summary>A loss over the pairs of a batch: a formula of the values between all rows.</summary>
public sealed class PairOracle : LossOracle
{
    /// <summary>Value of two rows: distance or similarity.</summary>
    public delegate double Metric(ReadOnlySpan<double> anchor, ReadOnlySpan<double> other);

    public required Metric Distance { get; init; }

    /// <summary>The loss of the values, and of the values from which is computed what is held constant.</summary>
    public required Func<PairTable, PairTable, double> Formula { get; init; }

    public override double Value(double[][] inputs, double[][] frozen) => Formula(Table(inputs[0]), Table(frozen[0]));

    public static double CosineOf(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Cosine(a, b);

    public static double DotOf(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Dot(a, b);

    /// <summary>‖a/‖a‖ − b/‖b‖‖₂.</summary>
    public static double UnitDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        (double[] u, double[] v) = (Unit(a), Unit(b));
        return Math.Sqrt(u.Select((value, d) => (value - v[d]) * (value - v[d])).Sum());
    }

    /// <summary>var(a − b) / var(a) of unit vectors; 0 where a has no variance.</summary>
    public static double UnitNoise(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        (double[] u, double[] v) = (Unit(a), Unit(b));
        double signal = Variance(u);
        return signal < 1e-12 ? 0 : Variance([.. u.Select((value, d) => value - v[d])]) / signal;
    }

    private static double[] Unit(ReadOnlySpan<double> row)
    {
        double norm = Norm(row);
        return [.. row.ToArray().Select(v => norm <= 1e-12 ? 0 : v / norm)];
    }

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
    }

    private PairTable Table(double[] x)
    {
        double[][] values = new double[Rows][];
        for (int i = 0; i < Rows; i++)
        {
            values[i] = new double[Rows];
            for (int j = 0; j < Rows; j++)
            {
                values[i][j] = Distance(Row(x, i), Row(x, j));
            }
        }

        return new(values, Labels, [.. Enumerable.Range(0, Rows).Select(i => Norm(Row(x, i)))]);
    }
}
