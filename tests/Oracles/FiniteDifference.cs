namespace Hypersphere.Oracles;

/// <summary>Gradients by central differences in double precision.</summary>
public static class FiniteDifference
{
    public static double[] Gradient(Func<double[], double> function, double[] at, double step = 1e-6)
    {
        var gradient = new double[at.Length];
        double[] x = [.. at];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = at[i] + step;
            double up = function(x);
            x[i] = at[i] - step;
            gradient[i] = (up - function(x)) / (2 * step);
            x[i] = at[i];
        }

        return gradient;
    }

    /// <summary>Σ a·b, the scalar whose gradient with respect to a is b.</summary>
    public static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();
}
