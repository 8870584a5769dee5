namespace Hypersphere.Evaluation;

/// <summary>The few lowest or highest scored pairs. The order is total (score, then rows), so it does not matter when a pair is
/// offered.</summary>
internal sealed class PairShortlist(int count, bool lowest)
{
    private readonly List<ScoredPair> _items = [];
    private readonly IComparer<ScoredPair> _order = Comparer<ScoredPair>.Create((a, b) => Compare(a, b, lowest));
    private double _worst = lowest ? double.PositiveInfinity : double.NegativeInfinity;

    public IReadOnlyList<ScoredPair> Items => _items;

    public void Offer(int first, int second, float score)
    {
        if (lowest ? score <= _worst : score >= _worst)
        {
            Offer(new ScoredPair(first, second, Math.Clamp(score, -1f, 1f)));
        }
    }

    public void Offer(ScoredPair pair)
    {
        int at = _items.BinarySearch(pair, _order);
        at = at < 0 ? ~at : at;
        if (at >= count)
        {
            return;
        }

        _items.Insert(at, pair);
        if (_items.Count > count)
        {
            _items.RemoveAt(count);
        }

        _worst = _items.Count == count ? _items[^1].Score : _worst;
    }

    public void Merge(PairShortlist other)
    {
        foreach (ScoredPair pair in other._items)
        {
            Offer(pair);
        }
    }

    private static int Compare(ScoredPair a, ScoredPair b, bool lowest)
    {
        int byScore = lowest ? a.Score.CompareTo(b.Score) : b.Score.CompareTo(a.Score);
        return byScore != 0 ? byScore : (a.First, a.Second).CompareTo((b.First, b.Second));
    }
}
