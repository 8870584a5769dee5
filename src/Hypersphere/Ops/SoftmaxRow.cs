namespace Hypersphere.Ops;

/// <summary>The cross-entropy of one row of logits.</summary>
internal static class SoftmaxRow
{
    /// <summary>The loss; the logits become its derivatives.</summary>
    /// <remarks>With p the softmax and q = 1 − p_y from the other classes' sum, so that both keep their digits near convergence.</remarks>
    /// <param name="logits">One a class.</param>
    /// <param name="label">The own class.</param>
    /// <param name="smoothing">ε: the target distribution is 1 − ε + ε/C on the own class and ε/C on the others.</param>
    public static double CrossEntropy(Span<float> logits, int label, double smoothing)
    {
        double own = logits[label], max = double.NegativeInfinity, mean = 0, sum = 0;
        for (int j = 0; j < logits.Length; j++)
        {
            (max, mean) = (j == label ? max : Math.Max(max, logits[j]), mean + logits[j]);
        }

        for (int j = 0; j < logits.Length; j++)
        {
            sum += j == label ? 0 : Math.Exp(logits[j] - max);
        }

        double odds = logits.Length == 1 ? double.NegativeInfinity : Math.Log(sum) + max - own, others = 1 / (1 + Math.Exp(-odds));
        double share = smoothing / logits.Length;
        for (int j = 0; j < logits.Length; j++)
        {
            logits[j] = (float)(j == label ? smoothing - share - others : (others / sum * Math.Exp(logits[j] - max)) - share);
        }

        return Smooth.Softplus(odds) + (smoothing * (own - (mean / logits.Length)));
    }
}
