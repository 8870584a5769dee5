namespace Hypersphere.Evaluation;

/// <summary>Counts of genuine and impostor pairs, summed over bands. Sums of integers: any order gives the same.</summary>
internal sealed class PairCounts
{
    private readonly Stack<(CosineCounts Genuine, CosineCounts Impostor)> _free = new();
    private readonly long[] _genuine = new long[CosineCounts.Steps];
    private readonly long[] _impostor = new long[CosineCounts.Steps];
    private readonly long[] _genuineAngles = new long[AngleHistogram.DefaultBins];
    private readonly long[] _impostorAngles = new long[AngleHistogram.DefaultBins];

    public (CosineCounts Genuine, CosineCounts Impostor) Rent()
    {
        lock (_free)
        {
            return _free.Count > 0 ? _free.Pop() : (new(), new());
        }
    }

    public void Return((CosineCounts Genuine, CosineCounts Impostor) counts)
    {
        lock (_free)
        {
            if (counts.Genuine.IsFull || counts.Impostor.IsFull)
            {
                Collect(counts);
            }

            _free.Push(counts);
        }
    }

    /// <summary>Of all that was returned.</summary>
    public AllPairsResult Result()
    {
        foreach ((CosineCounts, CosineCounts) counts in _free)
        {
            Collect(counts);
        }

        return new AllPairsResult(Curve(), AucError(), new AngleHistogram(_genuineAngles), new AngleHistogram(_impostorAngles));
    }

    private void Collect((CosineCounts Genuine, CosineCounts Impostor) counts)
    {
        counts.Genuine.MoveTo(_genuine, _genuineAngles);
        counts.Impostor.MoveTo(_impostor, _impostorAngles);
    }

    private RocCurve Curve()
    {
        List<double> thresholds = [double.PositiveInfinity];
        List<long> falseAccepts = [0];
        List<long> trueAccepts = [0];
        for (int step = CosineCounts.Steps - 1; step >= 0; step--)
        {
            if (_genuine[step] + _impostor[step] > 0)
            {
                thresholds.Add(CosineCounts.CosineOf(step));
                falseAccepts.Add(falseAccepts[^1] + _impostor[step]);
                trueAccepts.Add(trueAccepts[^1] + _genuine[step]);
            }
        }

        return new RocCurve([.. thresholds], [.. falseAccepts], [.. trueAccepts], (trueAccepts[^1], falseAccepts[^1]));
    }

    private double? AucError()
    {
        (Int128 together, Int128 genuine, Int128 impostor) = (0, 0, 0);
        for (int step = 0; step < CosineCounts.Steps; step++)
        {
            together += (Int128)_genuine[step] * _impostor[step];
            (genuine, impostor) = (genuine + _genuine[step], impostor + _impostor[step]);
        }

        return genuine == 0 || impostor == 0 ? null : (double)together / ((double)genuine * (double)impostor) / 2;
    }
}
