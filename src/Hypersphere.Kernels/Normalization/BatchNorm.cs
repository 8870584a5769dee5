using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Batch normalisation over the rows of [rows, channels] (Ioffe and Szegedy, ICML 2015), with the running statistics of
/// PyTorch.</summary>
/// <remarks>Statistics take one pass over x: sums of x − x₀ and (x − x₀)², x₀ the first row of a chunk of at most 1024 rows, so that
/// nothing cancels; chunks join in double. gamma null means 1, beta null means 0. Cost: x is read twice, y written once.</remarks>
public static unsafe partial class BatchNorm
{
    /// <summary>y = γ·(x − μ)/√(σ² + ε) + β with the batch's μ and biased σ²; the running statistics move by momentum towards μ and the
    /// unbiased variance (the biased one when rows = 1).</summary>
    /// <param name="rows">Rows, N or N·H·W; with 0 nothing happens.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels].</param>
    /// <param name="gamma">[channels], or null for 1.</param>
    /// <param name="beta">[channels], or null for 0.</param>
    /// <param name="eps">ε &gt; 0 under the root.</param>
    /// <param name="momentum">Weight of the new batch in the running statistics, 0 … 1.</param>
    /// <param name="runningMean">[channels], updated; null to keep none.</param>
    /// <param name="runningVar">[channels], updated; null to keep none.</param>
    /// <param name="y">[rows, channels]; may be x when no backward follows.</param>
    /// <param name="savedMean">[channels], μ.</param>
    /// <param name="savedInvStd">[channels], 1/√(σ² + ε).</param>
    public static void ForwardTrain(
        int rows, int channels, float* x, float* gamma, float* beta, float eps, float momentum,
        float* runningMean, float* runningVar, float* y, float* savedMean, float* savedInvStd)
    {
        if (rows > 0)
        {
            Statistics(rows, channels, x, eps, momentum, runningMean, runningVar, savedMean, savedInvStd);
            Normalize(rows, channels, x, gamma, beta, savedMean, savedInvStd, y);
        }
    }

    /// <summary>The batch's statistics, saved, and the running ones moved towards them.</summary>
    private static void Statistics(
        int rows, int channels, float* x, float eps, float momentum, float* runningMean, float* runningVar, float* savedMean, float* savedInvStd)
    {
        ColumnSums sums = ColumnSums.Compute(rows, channels, new MomentTerms(channels, x));
        for (int c = 0; c < channels; c++)
        {
            (double mean, double squares) = Moments(sums, x, c);
            double unbiased = squares / Math.Max(1, rows - 1);
            savedMean[c] = (float)mean;
            savedInvStd[c] = (float)(1 / Math.Sqrt((squares / rows) + eps));
            if (runningMean != null)
            {
                runningMean[c] += momentum * ((float)mean - runningMean[c]);
            }

            if (runningVar != null)
            {
                runningVar[c] += momentum * ((float)unbiased - runningVar[c]);
            }
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

    /// <summary>Gradients through the batch statistics: dx = γ/σ·(dy − mean(dy) − x̂·mean(dy·x̂)), dγ = Σ dy·x̂, dβ = Σ dy.</summary>
    /// <param name="rows">Rows; with 0 nothing happens.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels], the forward input.</param>
    /// <param name="dy">[rows, channels].</param>
    /// <param name="gamma">[channels], or null for 1.</param>
    /// <param name="savedMean">[channels], from the forward pass.</param>
    /// <param name="savedInvStd">[channels], from the forward pass.</param>
    /// <param name="dx">[rows, channels], or null; may be dy.</param>
    /// <param name="accumulateDx">Adds to dx instead of assigning.</param>
    /// <param name="dgamma">[channels], or null.</param>
    /// <param name="dbeta">[channels], or null.</param>
    /// <param name="accumulateParameters">Adds to dgamma and dbeta instead of assigning.</param>
    public static void Backward(
        int rows, int channels, float* x, float* dy, float* gamma, float* savedMean, float* savedInvStd,
        float* dx, bool accumulateDx, float* dgamma, float* dbeta, bool accumulateParameters)
    {
        if (rows == 0)
        {
            return;
        }

        float* constants = Scratch.Floats(Scratch.Slot.Normalization, 3 * (nint)channels);
        ColumnSums sums = ColumnSums.Compute(rows, channels, new GradientTerms(channels, x, dy, savedMean));
        for (int c = 0; c < channels; c++)
        {
            double sum = sums.TotalFirst(c), dot = sums.TotalSecond(c) * savedInvStd[c];
            StoreParameters(c, sum, dot, dgamma, dbeta, accumulateParameters);
            constants[c] = (gamma == null ? 1 : gamma[c]) * savedInvStd[c];
            constants[channels + c] = (float)(-sum / rows);
            constants[(2 * channels) + c] = (float)(-dot * savedInvStd[c] / rows);
        }

        InputGradient(rows, channels, x, dy, savedMean, constants, dx, accumulateDx);
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

        InputGradient(rows, channels, x, dy, runningMean, constants, dx, accumulateDx);
    }

    private static void InverseDeviation(int channels, float* variance, float eps, float* invStd)
    {
        for (int c = 0; c < channels; c++)
        {
            invStd[c] = 1 / MathF.Sqrt(variance[c] + eps);
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
