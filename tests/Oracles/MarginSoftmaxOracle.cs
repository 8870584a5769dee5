namespace Hypersphere.Oracles;

/// <summary>Margin softmax composed step by step in double precision: normalise, cosines, values, softmax, cross-entropy.</summary>
public sealed class MarginSoftmaxOracle
{
    public required double[] X { get; init; }

    public required double[] W { get; init; }

    public required int[] Labels { get; init; }

    public required int Dimensions { get; init; }

    public required double Scale { get; init; }

    /// <summary>Target cosine and ‖x‖ → ψ.</summary>
    public required Func<double, double, double> Target { get; init; }

    /// <summary>Row and cosine of another class → value.</summary>
    public Func<int, double, double> Negative { get; init; } = (_, c) => c;

    /// <summary>Whether logits are multiplied by ‖x‖.</summary>
    public bool ScaleByNorm { get; init; }

    /// <summary>ε of label smoothing.</summary>
    public double Smoothing { get; init; }

    /// <summary>Other classes with at most this share of the others' sum, times the slope, get no gradient.</summary>
    public double SparseGradient { get; init; }

    private int Rows => Labels.Length;

    private int Classes => W.Length / Dimensions;

    public static double Cosine(ReadOnlySpan<double> x, ReadOnlySpan<double> w)
    {
        double dot = 0, a = 0, b = 0;
        for (int d = 0; d < x.Length; d++)
        {
            dot += x[d] * w[d];
            a += x[d] * x[d];
            b += w[d] * w[d];
        }

        return a < 1e-24 || b < 1e-24 ? 0 : dot / Math.Sqrt(a) / Math.Sqrt(b);
    }

    public double[] Cosines() => Cosines(X, W);

    /// <summary>Loss of every row.</summary>
    public double[] Losses() => Losses(X, W);

    /// <summary>Gradients of Σ weight·loss by central differences.</summary>
    public (double[] Dx, double[] Dw) DifferenceGradients(double[] weights) => (
        FiniteDifference.Gradient(x => FiniteDifference.Dot(Losses(x, W), weights), X),
        FiniteDifference.Gradient(w => FiniteDifference.Dot(Losses(X, w), weights), W));

    /// <summary>Gradients of Σ weight·loss by the chain rule: softmax, value, cosine, both normalisations.</summary>
    public (double[] Dx, double[] Dw) ChainGradients(double[] weights, Func<double, double> targetSlope, Func<int, double, double> negativeSlope)
    {
        double[] cosines = Cosines(), dx = new double[X.Length], dw = new double[W.Length];
        for (int i = 0; i < Rows; i++)
        {
            double logOthers = LogOthers(i, cosines, X);
            double others = Labels[i] < 0 ? 0 : 1 / (1 + Math.Exp(Logit(i, Labels[i], cosines, X) - logOthers));
            for (int j = 0; j < Classes && Labels[i] >= 0; j++)
            {
                double cosine = cosines[(i * Classes) + j], p = others * Math.Exp(Logit(i, j, cosines, X) - logOthers);
                double slope = j == Labels[i] ? -others * targetSlope(cosine) : p * negativeSlope(i, cosine);
                if (j != Labels[i] && Math.Abs(slope) <= SparseGradient * others)
                {
                    continue;
                }

                Spread(i, j, weights[i] * Scale * slope, cosine, dx, dw);
            }
        }

        return (dx, dw);
    }

    private static double Norm(ReadOnlySpan<double> v)
    {
        double sum = 0;
        foreach (double d in v)
        {
            sum += d * d;
        }

        return Math.Sqrt(sum);
    }

    private double[] Cosines(double[] x, double[] w)
    {
        var cosines = new double[Rows * Classes];
        for (int i = 0; i < cosines.Length; i++)
        {
            cosines[i] = Cosine(x.AsSpan(i / Classes * Dimensions, Dimensions), w.AsSpan(i % Classes * Dimensions, Dimensions));
        }

        return cosines;
    }

    private double Logit(int row, int column, double[] cosines, double[] x)
    {
        double cosine = cosines[(row * Classes) + column];
        double norm = Norm(x.AsSpan(row * Dimensions, Dimensions));
        return Scale * (ScaleByNorm ? norm : 1) * (column == Labels[row] ? Target(cosine, norm) : Negative(row, cosine));
    }

    private double[] Losses(double[] x, double[] w)
    {
        double[] cosines = Cosines(x, w), losses = new double[Rows];
        for (int i = 0; i < Rows; i++)
        {
            double odds = Labels[i] < 0 ? double.NegativeInfinity : LogOthers(i, cosines, x) - Logit(i, Labels[i], cosines, x);
            losses[i] = odds > 0 ? odds + LogOnePlus(Math.Exp(-odds)) : LogOnePlus(Math.Exp(odds));
            if (Smoothing > 0 && Labels[i] >= 0)
            {
                double[] logits = [.. Enumerable.Range(0, Classes).Select(j => Logit(i, j, cosines, x))];
                losses[i] += Smoothing * (logits[Labels[i]] - logits.Average());
            }
        }

        return losses;
    }

    private double LogOthers(int row, double[] cosines, double[] x)
    {
        double[] logits = [.. Enumerable.Range(0, Classes).Where(j => j != Labels[row]).Select(j => Logit(row, j, cosines, x))];
        double max = logits.Append(double.NegativeInfinity).Max();
        return logits.Length == 0 ? max : max + Math.Log(logits.Sum(z => Math.Exp(z - max)));
    }

    private void Spread(int i, int j, double gradient, double cosine, double[] dx, double[] dw)
    {
        ReadOnlySpan<double> x = X.AsSpan(i * Dimensions, Dimensions), w = W.AsSpan(j * Dimensions, Dimensions);
        double a = Norm(x), b = Norm(w);
        for (int d = 0; d < Dimensions && a > 1e-12 && b > 1e-12; d++)
        {
            dx[(i * Dimensions) + d] += gradient * ((w[d] / b) - (cosine * x[d] / a)) / a;
            dw[(j * Dimensions) + d] += gradient * ((x[d] / a) - (cosine * w[d] / b)) / b;
        }
    }

    private static double LogOnePlus(double x) => x > 1e-4 ? Math.Log(1 + x) : x - (x * x / 2) + (x * x * x / 3);
}
