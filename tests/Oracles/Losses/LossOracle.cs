namespace Hypersphere.Oracles.Losses;

/// <summary>A loss written naively in double precision, from its paper, without the library.</summary>
public abstract class LossOracle
{
    public required int[] Labels { get; init; }

    public required int Dimensions { get; init; }

    protected int Rows => Labels.Length;

    /// <summary>The loss.</summary>
    /// <param name="inputs">The embeddings [N·D], then the loss' parameters in their order (prototypes, bias, …).</param>
    /// <param name="frozen">The same, from which everything is computed that the loss holds constant while it differentiates: with
    /// <paramref name="inputs"/> themselves the plain value; held fixed under finite differences, the gradient that training
    /// follows.</param>
    public abstract double Value(double[][] inputs, double[][] frozen);

    /// <summary>dValue/dInputs[k] by central differences: the true derivative, or the one with the detached parts held fixed.</summary>
    public double[] Gradient(double[][] inputs, int k, bool detach, double step = 1e-6)
    {
        double[][] moved = [.. inputs];
        return FiniteDifference.Gradient(
            v =>
            {
                moved[k] = v;
                return Value(moved, detach ? inputs : moved);
            },
            inputs[k],
            step);
    }

    protected static double Norm(ReadOnlySpan<double> v) => Math.Sqrt(Dot(v, v));

    protected static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int d = 0; d < a.Length; d++)
        {
            sum += a[d] * b[d];
        }

        return sum;
    }

    /// <summary>a·b / (‖a‖‖b‖), 0 when a length is ≤ 1e-12.</summary>
    protected static double Cosine(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        (double p, double q) = (Norm(a), Norm(b));
        return p <= 1e-12 || q <= 1e-12 ? 0 : Math.Clamp(Dot(a, b) / p / q, -1, 1);
    }

    protected ReadOnlySpan<double> Row(double[] matrix, int i) => matrix.AsSpan(i * Dimensions, Dimensions);
}
