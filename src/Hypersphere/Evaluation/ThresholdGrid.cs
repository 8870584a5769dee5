namespace Hypersphere.Evaluation;

/// <summary>Accepted pairs of each fold at every threshold of an even grid over distances: accepted when distance &lt;
/// step·width.</summary>
internal sealed class ThresholdGrid
{
    private readonly int[,] _trueAccepts;
    private readonly int[,] _falseAccepts;
    private readonly int[] _genuine;
    private readonly int[] _impostors;
    private readonly int _steps;
    private readonly double _width;

    public ThresholdGrid(ReadOnlySpan<double> distances, ReadOnlySpan<bool> same, int folds, int steps, double width)
    {
        (_steps, _width) = (steps, width);
        (_trueAccepts, _falseAccepts) = (new int[folds, steps], new int[folds, steps]);
        (_genuine, _impostors) = (new int[folds], new int[folds]);
        for (int f = 0; f < folds; f++)
        {
            (int start, int length) = Verification.Fold(distances.Length, folds, f).GetOffsetAndLength(distances.Length);
            for (int i = start; i < start + length; i++)
            {
                (same[i] ? _genuine : _impostors)[f]++;
                int first = FirstAccepting(distances[i]);
                if (first < steps)
                {
                    (same[i] ? _trueAccepts : _falseAccepts)[f, first]++;
                }
            }

            for (int t = 1; t < steps; t++)
            {
                _trueAccepts[f, t] += _trueAccepts[f, t - 1];
                _falseAccepts[f, t] += _falseAccepts[f, t - 1];
            }
        }
    }

    public static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    public double TarOf(int fold, int step) => Share(_trueAccepts[fold, step], _genuine[fold]);

    public double FarOf(int fold, int step) => Share(_falseAccepts[fold, step], _impostors[fold]);

    public double AccuracyOf(int fold, int step)
        => Share(_trueAccepts[fold, step] + _impostors[fold] - _falseAccepts[fold, step], _genuine[fold] + _impostors[fold]);

    /// <summary>The first step that gets most pairs of the other folds right.</summary>
    public int MostAccurateWithout(int fold)
    {
        (int best, int bestGain) = (0, int.MinValue);
        for (int t = 0; t < _steps; t++)
        {
            int gain = SumWithout(fold, f => _trueAccepts[f, t] - _falseAccepts[f, t]);
            if (gain > bestGain)
            {
                (best, bestGain) = (t, gain);
            }
        }

        return best;
    }

    /// <summary>The threshold at which the other folds have this false accept rate, interpolated; 0 where none reaches it.</summary>
    public double ThresholdAtFarWithout(int fold, double far)
    {
        int impostors = SumWithout(fold, f => _impostors[f]);
        double Rate(int step) => Share(SumWithout(fold, f => _falseAccepts[f, step]), impostors);
        if (Rate(_steps - 1) < far)
        {
            return 0;
        }

        int last = 0;
        while (last + 1 < _steps && Rate(last + 1) <= far)
        {
            last++;
        }

        if (last + 1 == _steps)
        {
            return last * _width;
        }

        (double low, double high) = (Rate(last), Rate(last + 1));
        return low > far ? 0 : (last + ((far - low) / (high - low))) * _width;     // some distance below 0: none reaches it
    }

    private int SumWithout(int fold, Func<int, int> count)
        => Enumerable.Range(0, _genuine.Length).Where(f => f != fold).Sum(count);

    private int FirstAccepting(double distance)
    {
        int step = (int)Math.Clamp(Math.Floor(distance / _width), -1, _steps);
        while (step > 0 && distance < (step - 1) * _width)
        {
            step--;
        }

        while (step < _steps && !(distance < step * _width))
        {
            step++;
        }

        return Math.Max(step, 0);
    }
}
