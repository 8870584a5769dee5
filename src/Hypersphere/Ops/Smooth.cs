namespace Hypersphere.Ops;

/// <summary>Logarithms and exponentials that keep their digits near 0 and do not overflow.</summary>
internal static class Smooth
{
    /// <summary>log(1 + x) for x ≥ 0.</summary>
    public static double Log1p(double x)
    {
        double sum = 1 + x;
        return sum == 1 || double.IsInfinity(sum) ? x : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>log(1 + e^x).</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    /// <summary>1 / (1 + e^−x), the slope of <see cref="Softplus"/>.</summary>
    public static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));
}
