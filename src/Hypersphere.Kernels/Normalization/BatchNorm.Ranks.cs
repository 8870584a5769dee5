using Hypersphere.Kernels.Threading;

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

    /// <summary><see cref="ForwardTrain"/> by the sums of all ranks.</summary>
    /// <param name="rows">Rows here.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels].</param>
    /// <param name="totals">[SumsLength], added up over the ranks.</param>
    /// <param name="gamma">[channels], or null for 1.</param>
    /// <param name="beta">[channels], or null for 0.</param>
    /// <param name="eps">ε &gt; 0 under the root.</param>
    /// <param name="momentum">Weight of the new batch in the running statistics, 0 … 1.</param>
    /// <param name="runningMean">[channels], updated.</param>
    /// <param name="runningVar">[channels], updated.</param>
    /// <param name="y">[rows, channels].</param>
    /// <param name="savedMean">[channels], μ.</param>
    /// <param name="savedInvStd">[channels], 1/√(σ² + ε).</param>
    public static void ForwardFromSums(
        int rows, int channels, float* x, ReadOnlySpan<double> totals, float* gamma, float* beta, float eps, float momentum,
        float* runningMean, float* runningVar, float* y, float* savedMean, float* savedInvStd)
    {
        double count = totals[2 * channels];
        for (int c = 0; c < channels; c++)
        {
            double mean = totals[c] / count, squares = Math.Max(0, totals[channels + c] - (count * mean * mean));
            savedMean[c] = (float)mean;
            savedInvStd[c] = (float)(1 / Math.Sqrt((squares / count) + eps));
            runningMean[c] += momentum * ((float)mean - runningMean[c]);
            runningVar[c] += momentum * ((float)(squares / Math.Max(1, count - 1)) - runningVar[c]);
        }

        Normalize(rows, channels, x, gamma, beta, savedMean, savedInvStd, y);
    }

    /// <summary>Σdy, Σdy·x̂ and the number of rows; the first two are these rows' dβ and dγ, too.</summary>
    /// <param name="rows">Rows here, at least 1.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels], the forward input.</param>
    /// <param name="dy">[rows, channels].</param>
    /// <param name="savedMean">[channels], from the forward pass.</param>
    /// <param name="savedInvStd">[channels], from the forward pass.</param>
    /// <param name="dgamma">[channels], or null.</param>
    /// <param name="dbeta">[channels], or null.</param>
    /// <param name="accumulateParameters">Adds to dgamma and dbeta instead of assigning.</param>
    /// <param name="totals">[SumsLength], written.</param>
    public static void GradientSums(
        int rows, int channels, float* x, float* dy, float* savedMean, float* savedInvStd, float* dgamma, float* dbeta,
        bool accumulateParameters, Span<double> totals)
    {
        ColumnSums sums = ColumnSums.Compute(rows, channels, new GradientTerms(channels, x, dy, savedMean));
        for (int c = 0; c < channels; c++)
        {
            (totals[c], totals[channels + c]) = (sums.TotalFirst(c), sums.TotalSecond(c) * savedInvStd[c]);
            StoreParameters(c, totals[c], totals[channels + c], dgamma, dbeta, accumulateParameters);
        }

        totals[2 * channels] = rows;
    }

    /// <summary>dx of <see cref="Backward"/> by the sums of all ranks.</summary>
    /// <param name="rows">Rows here.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels], the forward input.</param>
    /// <param name="dy">[rows, channels].</param>
    /// <param name="totals">[SumsLength], added up over the ranks.</param>
    /// <param name="gamma">[channels], or null for 1.</param>
    /// <param name="savedMean">[channels], from the forward pass.</param>
    /// <param name="savedInvStd">[channels], from the forward pass.</param>
    /// <param name="dx">[rows, channels]; may be dy.</param>
    /// <param name="accumulateDx">Adds to dx instead of assigning.</param>
    public static void BackwardFromSums(
        int rows, int channels, float* x, float* dy, ReadOnlySpan<double> totals, float* gamma, float* savedMean, float* savedInvStd,
        float* dx, bool accumulateDx)
    {
        float* constants = Scratch.Floats(Scratch.Slot.Normalization, 3 * (nint)channels);
        double count = totals[2 * channels];
        for (int c = 0; c < channels; c++)
        {
            constants[c] = (gamma == null ? 1 : gamma[c]) * savedInvStd[c];
            constants[channels + c] = (float)(-totals[c] / count);
            constants[(2 * channels) + c] = (float)(-totals[channels + c] * savedInvStd[c] / count);
        }

        InputGradient(rows, channels, x, dy, savedMean, constants, dx, accumulateDx);
    }
}
