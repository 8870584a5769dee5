namespace Hypersphere.Kernels;

/// <content>A batch that is spread over ranks: each sums its own rows, and goes on with the sums of all.</content>
public static unsafe partial class BatchNorm
{
    /// <summary>Numbers that ranks add up for a pass over <paramref name="channels"/> channels.</summary>
    public static int SumsLength(int channels) => (2 * channels) + 1;

    /// <summary>Σx, Σx² and the number of rows, in double, where squares of float32 numbers are exact.</summary>
    /// <param name="rows">Rows here, at least 1.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels].</param>
    /// <param name="totals">[SumsLength], written.</param>
    public static void Sums(int rows, int channels, float* x, Span<double> totals)
    {
        ColumnSums sums = ColumnSums.Compute(rows, channels, new MomentTerms(channels, x));
        for (int c = 0; c < channels; c++)
        {
            (double mean, double squares) = Moments(sums, x, c);
            totals[c] = rows * mean;
            totals[channels + c] = squares + (rows * mean * mean);
        }

        totals[2 * channels] = rows;
    }

    /// <summary><see cref="Statistics"/> by the sums of all ranks.</summary>
    /// <param name="channels">Channels.</param>
    /// <param name="totals">[SumsLength], added up over the ranks.</param>
    /// <param name="eps">ε &gt; 0 under the root.</param>
    /// <param name="momentum">Weight of the new batch in the running statistics, 0 … 1.</param>
    /// <param name="runningMean">[channels], updated; null to keep none.</param>
    /// <param name="runningVar">[channels], updated; null to keep none.</param>
    /// <param name="mean">[channels], μ.</param>
    /// <param name="invStd">[channels], 1/√(σ² + ε).</param>
    public static void StatisticsFromSums(
        int channels, ReadOnlySpan<double> totals, float eps, float momentum, float* runningMean, float* runningVar, float* mean, float* invStd)
    {
        double count = totals[2 * channels];
        for (int c = 0; c < channels; c++)
        {
            double average = totals[c] / count, squares = Math.Max(0, totals[channels + c] - (count * average * average));
            Store(c, count, average, squares, eps, momentum, runningMean, runningVar, mean, invStd);
        }
    }
}
