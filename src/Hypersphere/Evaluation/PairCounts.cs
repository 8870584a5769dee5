namespace Hypersphere.Evaluation;

/// <summary>Counts of genuine and impostor pairs by score step and by degree, summed over bands. Sums of integers: any order gives the
/// same.</summary>
internal sealed class PairCounts
{
    private readonly Stack<BandCounts> _free = new();
    private readonly long[] _genuine = new long[AllPairs.Steps];
    private readonly long[] _impostor = new long[AllPairs.Steps];

    public long[] GenuineAngles { get; } = new long[AngleHistogram.DefaultBins];

    public long[] ImpostorAngles { get; } = new long[AngleHistogram.DefaultBins];

    public BandCounts Rent()
    {
        lock (_free)
        {
            return _free.Count > 0 ? _free.Pop() : new BandCounts();
        }
    }

    public void Return(BandCounts counts)
    {
        lock (_free)
        {
            counts.MoveTo(_genuine, _impostor, GenuineAngles, ImpostorAngles);
            _free.Push(counts);
        }
    }

    /// <summary>Threshold of a step: the lowest cosine in it.</summary>
    public static double ScoreOf(int step) => (step / (AllPairs.Steps / 2.0)) - 1;

    public RocCurve Curve()
    {
        List<double> thresholds = [double.PositiveInfinity];
        List<long> falseAccepts = [0];
        List<long> trueAccepts = [0];
        for (int step = AllPairs.Steps - 1; step >= 0; step--)
        {
            if (_genuine[step] + _impostor[step] > 0)
            {
                thresholds.Add(ScoreOf(step));
                falseAccepts.Add(falseAccepts[^1] + _impostor[step]);
                trueAccepts.Add(trueAccepts[^1] + _genuine[step]);
            }
        }

        return new RocCurve([.. thresholds], [.. falseAccepts], [.. trueAccepts], (trueAccepts[^1], falseAccepts[^1]));
    }

    public double? AucError()
    {
        (Int128 together, Int128 genuine, Int128 impostor) = (0, 0, 0);
        for (int step = 0; step < AllPairs.Steps; step++)
        {
            together += (Int128)_genuine[step] * _impostor[step];
            (genuine, impostor) = (genuine + _genuine[step], impostor + _impostor[step]);
        }

        return genuine == 0 || impostor == 0 ? null : (double)together / ((double)genuine * (double)impostor) / 2;
    }
}
