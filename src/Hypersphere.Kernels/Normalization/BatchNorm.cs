using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Batch normalisation over the rows of [rows, channels] (Ioffe and Szegedy, ICML 2015), with the running statistics of
/// PyTorch.</summary>
/// <remarks>Statistics take one pass over x: sums of x − x₀ and (x − x₀)², x₀ the first row of a chunk of at most 1024 rows, so that
/// nothing cancels; chunks join in double. gamma null means 1, beta null means 0. While training, forward is <see cref="Statistics"/> (or
/// <see cref="Sums"/> and <see cref="StatisticsFromSums"/>, where a batch is spread over ranks), then <see cref="Normalize"/>; backward is
/// <see cref="GradientSums"/>, which ranks add up, then <see cref="InputGradient"/>. Cost: x is read twice, y written once.</remarks>
public static unsafe partial class BatchNorm
{
    /// <summary>The batch's μ and 1/√(σ² + ε), σ² biased; the running statistics move by momentum towards μ and the unbiased variance (the
    /// biased one when rows = 1).</summary>
    /// <param name="rows">Rows, N or N·H·W; with 0 nothing happens.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels].</param>
    /// <param name="eps">ε &gt; 0 under the root.</param>
    /// <param name="momentum">Weight of the new batch in the running statistics, 0 … 1.</param>
    /// <param name="runningMean">[channels], updated; null to keep none.</param>
    /// <param name="runningVar">[channels], updated; null to keep none.</param>
    /// <param name="mean">[channels], μ.</param>
    /// <param name="invStd">[channels], 1/√(σ² + ε).</param>
    public static void Statistics(
        int rows, int channels, float* x, float eps, float momentum, float* runningMean, float* runningVar, float* mean, float* invStd)
    {
        if (rows == 0)
        {
            return;
        }

        ColumnSums sums = ColumnSums.Compute(rows, channels, new MomentTerms(channels, x));
        for (int c = 0; c < channels; c++)
        {
            (double average, double squares) = Moments(sums, x, c);
            Store(c, rows, average, squares, eps, momentum, runningMean, runningVar, mean, invStd);
        }
    }

    /// <summary>y = γ·(x − μ)·invStd + β, and what else is to be added.</summary>
    /// <param name="rows">Rows ≥ 0.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels].</param>
    /// <param name="gamma">[channels], or null for 1.</param>
    /// <param name="beta">[channels], or null for 0.</param>
    /// <param name="mean">[channels], μ.</param>
    /// <param name="invStd">[channels], 1/√(σ² + ε).</param>
    /// <param name="y">[rows, channels]; may be x when no backward follows.</param>
    /// <param name="plus">[rows, channels] added to y, such as the shortcut of a residual block; null for none.</param>
    public static void Normalize(
        int rows, int channels, float* x, float* gamma, float* beta, float* mean, float* invStd, float* y, float* plus = null)
    {
        NormalizeMap map = new(Affine(channels, gamma, beta, mean, invStd));
        if (plus == null)
        {
            Map.Rows(rows, channels, map, y, x);
        }
        else
        {
            Map.Rows(rows, channels, new NormalizePlusMap(map), y, x, plus);
        }
    }

    /// <summary>y = γ·(x − μ)/√(σ² + ε) + β with the running statistics.</summary>
    /// <param name="rows">Rows ≥ 0.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels].</param>
    /// <param name="gamma">[channels], or null for 1.</param>
    /// <param name="beta">[channels], or null for 0.</param>
    /// <param name="eps">ε &gt; 0 under the root.</param>
    /// <param name="runningMean">[channels], μ.</param>
    /// <param name="runningVar">[channels], σ².</param>
    /// <param name="y">[rows, channels]; may be x.</param>
    public static void ForwardEval(
        int rows, int channels, float* x, float* gamma, float* beta, float eps, float* runningMean, float* runningVar, float* y)
    {
        float* invStd = Scratch.Floats(Scratch.Slot.Reduction, channels);
        InverseDeviation(channels, runningVar, eps, invStd);
        Normalize(rows, channels, x, gamma, beta, runningMean, invStd, y);
    }

    /// <summary>Σdy, Σdy·x̂ and the number of rows; the first two are these rows' dβ and dγ, too.</summary>
    /// <param name="rows">Rows here.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels], the forward input.</param>
    /// <param name="dy">[rows, channels].</param>
    /// <param name="mean">[channels], from the forward pass.</param>
    /// <param name="invStd">[channels], from the forward pass.</param>
    /// <param name="dgamma">[channels], or null.</param>
    /// <param name="dbeta">[channels], or null.</param>
    /// <param name="accumulateParameters">Adds to dgamma and dbeta instead of assigning.</param>
    /// <param name="totals">[SumsLength], written.</param>
    public static void GradientSums(
        int rows, int channels, float* x, float* dy, float* mean, float* invStd, float* dgamma, float* dbeta, bool accumulateParameters,
        Span<double> totals)
    {
        ColumnSums sums = ColumnSums.Compute(rows, channels, new GradientTerms(channels, x, dy, mean));
        StoreTotals(sums, invStd, dgamma, dbeta, accumulateParameters, totals);
    }

    /// <summary>dx = γ/σ·(dy − mean(dy) − x̂·mean(dy·x̂)), the gradient through the batch's statistics.</summary>
    /// <param name="rows">Rows here.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels], the forward input.</param>
    /// <param name="dy">[rows, channels].</param>
    /// <param name="totals">[SumsLength], of <see cref="GradientSums"/>, added up over the ranks.</param>
    /// <param name="gamma">[channels], or null for 1.</param>
    /// <param name="mean">[channels], from the forward pass.</param>
    /// <param name="invStd">[channels], from the forward pass.</param>
    /// <param name="dx">[rows, channels], or null; may be dy.</param>
    /// <param name="accumulate">Adds to dx instead of assigning.</param>
    public static void InputGradient(
        int rows, int channels, float* x, float* dy, ReadOnlySpan<double> totals, float* gamma, float* mean, float* invStd, float* dx, bool accumulate)
    {
        float* constants = Scratch.Floats(Scratch.Slot.Normalization, 3 * (nint)channels);
        StoreConstants(channels, totals, gamma, invStd, constants);
        ByConstants(rows, channels, x, dy, mean, constants, dx, accumulate);
    }

    /// <summary>Gradients of <see cref="ForwardEval"/>, the running statistics being constants: dx = γ·dy/√(σ² + ε).</summary>
    /// <param name="rows">Rows ≥ 0.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels], the forward input.</param>
    /// <param name="dy">[rows, channels].</param>
    /// <param name="gamma">[channels], or null for 1.</param>
    /// <param name="eps">ε &gt; 0 under the root.</param>
    /// <param name="runningMean">[channels], μ.</param>
    /// <param name="runningVar">[channels], σ².</param>
    /// <param name="dx">[rows, channels], or null; may be dy.</param>
    /// <param name="accumulateDx">Adds to dx instead of assigning.</param>
    /// <param name="dgamma">[channels], or null.</param>
    /// <param name="dbeta">[channels], or null.</param>
    /// <param name="accumulateParameters">Adds to dgamma and dbeta instead of assigning.</param>
    public static void BackwardEval(
        int rows, int channels, float* x, float* dy, float* gamma, float eps, float* runningMean, float* runningVar,
        float* dx, bool accumulateDx, float* dgamma, float* dbeta, bool accumulateParameters)
    {
        float* constants = Scratch.Floats(Scratch.Slot.Normalization, 3 * (nint)channels);
        new Span<float>(constants, 3 * channels).Clear();
        InverseDeviation(channels, runningVar, eps, constants);
        if (dgamma != null || dbeta != null)
        {
            ColumnSums sums = ColumnSums.Compute(rows, channels, new GradientTerms(channels, x, dy, runningMean));
            for (int c = 0; c < channels; c++)
            {
                StoreParameters(c, sums.TotalFirst(c), sums.TotalSecond(c) * constants[c], dgamma, dbeta, accumulateParameters);
            }
        }

        for (int c = 0; c < channels; c++)
        {
            constants[c] *= gamma == null ? 1 : gamma[c];
        }

        ByConstants(rows, channels, x, dy, runningMean, constants, dx, accumulateDx);
    }

    private static void InverseDeviation(int channels, float* variance, float eps, float* invStd)
    {
        for (int c = 0; c < channels; c++)
        {
            invStd[c] = 1 / MathF.Sqrt(variance[c] + eps);
        }
    }

    /// <summary>Saves a channel's statistics and moves the running ones.</summary>
    private static void Store(
        int c, double count, double average, double squares, float eps, float momentum, float* runningMean, float* runningVar, float* mean, float* invStd)
    {
        mean[c] = (float)average;
        invStd[c] = (float)(1 / Math.Sqrt((squares / count) + eps));
        if (runningMean != null)
        {
            runningMean[c] += momentum * ((float)average - runningMean[c]);
        }

        if (runningVar != null)
        {
            runningVar[c] += momentum * ((float)(squares / Math.Max(1, count - 1)) - runningVar[c]);
        }
    }

    private static void StoreTotals(
        in ColumnSums sums, float* invStd, float* dgamma, float* dbeta, bool accumulateParameters, Span<double> totals)
    {
        for (int c = 0; c < sums.Columns; c++)
        {
            (totals[c], totals[sums.Columns + c]) = (sums.TotalFirst(c), sums.TotalSecond(c) * invStd[c]);
            StoreParameters(c, totals[c], totals[sums.Columns + c], dgamma, dbeta, accumulateParameters);
        }

        totals[2 * sums.Columns] = sums.Rows;
    }

    private static void StoreConstants(int channels, ReadOnlySpan<double> totals, float* gamma, float* invStd, float* constants)
    {
        double count = totals[2 * channels];
        for (int c = 0; c < channels; c++)
        {
            constants[c] = (gamma == null ? 1 : gamma[c]) * invStd[c];
            constants[channels + c] = (float)(-totals[c] / count);
            constants[(2 * channels) + c] = (float)(-totals[channels + c] * invStd[c] / count);
        }
    }

    private static void StoreParameters(int c, double sum, double dot, float* dgamma, float* dbeta, bool accumulate)
    {
        if (dgamma != null)
        {
            dgamma[c] = (float)(accumulate ? dgamma[c] + dot : dot);
        }

        if (dbeta != null)
        {
            dbeta[c] = (float)(accumulate ? dbeta[c] + sum : sum);
        }
    }

    /// <summary>Joins the chunks of a column (Chan, Golub and LeVeque): mean, and Σ (x − mean)².</summary>
    private static (double Mean, double Squares) Moments(in ColumnSums sums, float* x, int c)
    {
        double mean = 0, squares = 0, count = 0;
        for (int chunk = 0; chunk < sums.Chunks; chunk++)
        {
            int first = chunk * sums.RowsPerChunk;
            double n = Math.Min(sums.RowsPerChunk, sums.Rows - first);
            double shift = sums.First(chunk)[c] / n;
            double delta = x[((nint)first * sums.Columns) + c] + shift - mean;
            double total = count + n;
            squares += Math.Max(0, sums.Second(chunk)[c] - (n * shift * shift)) + (delta * delta * count * n / total);
            mean += delta * n / total;
            count = total;
        }

        return (mean, squares);
    }
}
