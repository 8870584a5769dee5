using Hypersphere.Losses;
using Hypersphere.Losses.Classification;

namespace Hypersphere.Cli.Running;

/// <summary>Lengths of embeddings between which a margin changes.</summary>
internal readonly record struct NormRange(double Low, double Middle, double High)
{
    private static readonly NormRange _usual = new(10, 60, 110);

    private static readonly double[] _probes = [0.3, 0.8, 1.3, 1.8];

    /// <summary>Norms from low to high in equal steps on both sides of the middle.</summary>
    /// <param name="count">Odd.</param>
    public IEnumerable<double> Steps(int count)
    {
        (double low, double middle, double high) = (Low, Middle, High);
        int half = count / 2;
        return Enumerable.Range(-half, count).Select(i => middle + ((i < 0 ? middle - low : high - middle) * i / half));
    }

    /// <summary>The range to draw, or null for a margin that does not depend on the norm.</summary>
    public static NormRange? Of(MarginSoftmaxLoss? loss) => loss switch
    {
        null => null,
        MagFace { UpperNorm: var high, LowerNorm: var low } when high > low => new(low, (low + high) / 2, high),
        AdaFace { NormMean: var mean, NormDeviation: var deviation, H: var h } =>
            new(Math.Clamp(Math.Round(mean - (deviation / h)), 1, mean), mean, Math.Clamp(Math.Round(mean + (deviation / h)), mean, Math.Max(mean, 100))),
        _ => ByTrial(loss),
    };

    private static NormRange? ByTrial(MarginSoftmaxLoss loss)
    {
        float[] low = loss.Curve(_probes, (float)_usual.Low).Values, high = loss.Curve(_probes, (float)_usual.High).Values;
        return low.SequenceEqual(high) ? null : _usual;
    }
}
