namespace Hypersphere.Evaluation;

/// <summary>Draws pairs again with replacement; draw number i is the same whenever it is asked for.</summary>
internal sealed class Resampler
{
    private readonly Rng _rng;
    private readonly ScoredPairs _sorted;
    private readonly int[] _genuine;           // places in _sorted
    private readonly int[] _impostor;
    private readonly bool[][] _right;          // per fold, per pair: judged rightly

    public Resampler(VerificationResult result, Rng rng)
    {
        _rng = rng;
        _sorted = ScoredPairs.Descending(result.Scores, result.Pairs.Same);
        _genuine = [.. Enumerable.Range(0, _sorted.Count).Where(i => _sorted.Same[i])];
        _impostor = [.. Enumerable.Range(0, _sorted.Count).Where(i => !_sorted.Same[i])];
        int folds = result.Accuracy?.Folds.Length ?? 0;
        _right = new bool[folds][];
        for (int f = 0; f < folds; f++)
        {
            Range fold = Verification.Fold(_sorted.Count, folds, f);
            double threshold = result.Accuracy!.Thresholds[f];
            _right[f] = [.. result.Scores[fold].Zip(result.Pairs.Same[fold], (score, same) => score >= threshold == same)];
        }
    }

    public RocCurve Curve(int draw)
    {
        int[] times = new int[_sorted.Count];
        Rng rng = _rng.Fork("bootstrap of pairs", draw);
        Draw(_genuine, times, ref rng);
        Draw(_impostor, times, ref rng);
        return RocCurve.FromSorted(_sorted, times);
    }

    /// <summary>Mean accuracy over the folds; null without folds.</summary>
    public double? Accuracy(int draw)
    {
        Rng rng = _rng.Fork("bootstrap of folds", draw);
        double sum = 0;
        foreach (bool[] fold in _right)
        {
            int right = 0;
            for (int i = 0; i < fold.Length; i++)
            {
                right += fold[rng.NextInt(fold.Length)] ? 1 : 0;
            }

            sum += (double)right / fold.Length;
        }

        return _right.Length == 0 ? null : sum / _right.Length;
    }

    private static void Draw(int[] places, int[] times, ref Rng rng)
    {
        for (int i = 0; i < places.Length; i++)
        {
            times[places[rng.NextInt(places.Length)]]++;
        }
    }
}
