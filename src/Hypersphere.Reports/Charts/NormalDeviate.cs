namespace Hypersphere.Reports.Charts;

/// <summary>The inverse of the normal distribution function: the axis of a DET plot.</summary>
internal static class NormalDeviate
{
    private static readonly double[] A =
        [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.383577518672690e2, -3.066479806614716e1, 2.506628277459239];

    private static readonly double[] B = [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1];

    private static readonly double[] C =
        [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];

    private static readonly double[] D = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];

    /// <summary>z with Φ(z) = p; infinite at 0 and 1.</summary>
    /// <remarks>Acklam's rational approximation, relative error under 1.2e-9.</remarks>
    public static double Of(double p)
    {
        const double Tail = 0.02425;
        if (!(p > 0 && p < 1))
        {
            return p <= 0 ? double.NegativeInfinity : p >= 1 ? double.PositiveInfinity : double.NaN;
        }

        if (p > 1 - Tail)
        {
            return -Of(1 - p);
        }

        if (p < Tail)
        {
            double q = Math.Sqrt(-2 * Math.Log(p));
            return Horner(C, q) / Horner(D, q);
        }

        double centre = p - 0.5;
        double square = centre * centre;
        return centre * Horner(A, square) / Horner(B, square);
    }

    private static double Horner(double[] coefficients, double x)
    {
        double sum = 0;
        foreach (double c in coefficients)
        {
            sum = (sum * x) + c;
        }

        return sum;
    }
}
