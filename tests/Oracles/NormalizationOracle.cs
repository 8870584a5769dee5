namespace Hypersphere.Oracles;

/// <summary>Batch and row normalisation, term by term.</summary>
public static class NormalizationOracle
{
    public static (double[] Mean, double[] Variance) Moments(double[] x, int rows, int channels)
    {
        var mean = new double[channels];
        var variance = new double[channels];
        for (int c = 0; c < channels; c++)
        {
            double[] column = [.. Enumerable.Range(0, rows).Select(r => x[(r * channels) + c])];
            mean[c] = column.Average();
            variance[c] = column.Select(v => (v - mean[c]) * (v - mean[c])).Average();
        }

        return (mean, variance);
    }

    public static double[] Apply(double[] x, double[] mean, double[] variance, double[]? gamma, double[]? beta, double eps)
    {
        int channels = mean.Length;
        return [.. x.Select((v, i) =>
        {
            int c = i % channels;
            return ((gamma?[c] ?? 1) * (v - mean[c]) / Math.Sqrt(variance[c] + eps)) + (beta?[c] ?? 0);
        })];
    }

    public static double[] BatchNorm(double[] x, int rows, int channels, double[]? gamma, double[]? beta, double eps)
    {
        (double[] mean, double[] variance) = Moments(x, rows, channels);
        return Apply(x, mean, variance, gamma, beta, eps);
    }

    /// <summary>The textbook formula: γ/(m·σ)·(m·dy − Σ dy − x̂·Σ dy·x̂).</summary>
    public static (double[] Dx, double[] Dgamma, double[] Dbeta) BatchNormBackward(
        double[] x, double[] dy, int rows, int channels, double[]? gamma, double eps)
    {
        (double[] mean, double[] variance) = Moments(x, rows, channels);
        double[] unit = Apply(x, mean, variance, null, null, eps), dgamma = new double[channels], dbeta = new double[channels];
        for (int i = 0; i < x.Length; i++)
        {
            dgamma[i % channels] += dy[i] * unit[i];
            dbeta[i % channels] += dy[i];
        }

        double[] dx = [.. x.Select((_, i) =>
        {
            int c = i % channels;
            double factor = (gamma?[c] ?? 1) / (rows * Math.Sqrt(variance[c] + eps));
            return factor * ((rows * dy[i]) - dbeta[c] - (unit[i] * dgamma[c]));
        })];
        return (dx, dgamma, dbeta);
    }

    public static double[] Rows(double[] x, int rows, int columns, double eps)
    {
        var y = new double[x.Length];
        for (int r = 0; r < rows; r++)
        {
            double norm = Math.Sqrt(Enumerable.Range(r * columns, columns).Sum(i => x[i] * x[i]));
            for (int i = r * columns; i < (r + 1) * columns; i++)
            {
                y[i] = x[i] / Math.Max(norm, eps);
            }
        }

        return y;
    }
}
