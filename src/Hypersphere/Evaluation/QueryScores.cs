namespace Hypersphere.Evaluation;

/// <summary>What each query needs (its class, R, how many neighbours) and what came out of it.</summary>
internal sealed class QueryScores : ISearchQueries
{
    private readonly RetrievalOptions _options;
    private readonly int[] _labels;
    private readonly int[] _galleryLabels;
    private readonly int[]? _self;
    private readonly int[] _relevant;          // R of each query; 0 = not a query
    private readonly int _recallDepth;
    private readonly double[] _rPrecision;
    private readonly double[] _mapAtR;
    private readonly double[] _averagePrecision;
    private readonly int[] _firstHit;          // rank from 1, or int.MaxValue

    public QueryScores(EmbeddingSet queries, EmbeddingSet gallery, int[]? self, RetrievalOptions options)
    {
        (_options, _labels, _galleryLabels, _self) = (options, queries.Labels, gallery.Labels, self);
        _recallDepth = Math.Max(1, options.RecallAt.DefaultIfEmpty(1).Max());
        _rPrecision = new double[queries.Count];
        _mapAtR = new double[queries.Count];
        _averagePrecision = new double[queries.Count];
        _firstHit = new int[queries.Count];
        _relevant = new int[queries.Count];
        Dictionary<int, int> counts = [];
        foreach (int label in gallery.Labels)
        {
            counts[label] = counts.GetValueOrDefault(label) + 1;
        }

        for (int i = 0; i < _relevant.Length; i++)
        {
            int own = SelfOf(i) is >= 0 and int s && s < gallery.Count && gallery.Labels[s] == _labels[i] ? 1 : 0;
            _relevant[i] = _labels[i] < 0 ? 0 : counts.GetValueOrDefault(_labels[i]) - own;
        }
    }

    public int SelfOf(int query) => _self is null ? -1 : _self[query];

    public int DepthOf(int query)
    {
        int wanted = Math.Max(Math.Max(_relevant[query], _recallDepth), _options.RankingDepth);
        return _relevant[query] == 0 ? 0 : Math.Min(wanted, _galleryLabels.Length - (SelfOf(query) >= 0 ? 1 : 0));
    }

    public void Take(int query, ReadOnlySpan<ulong> neighbors)
    {
        int relevant = _relevant[query];
        (int hits, int firstHit, double sum) = (0, int.MaxValue, 0);
        (int hitsAtR, double sumAtR, double sumAtDepth) = (0, 0, 0);
        for (int i = 0; i < neighbors.Length; i++)
        {
            // no branch on what cannot be predicted
            int hit = _galleryLabels[TopList.IndexOf(neighbors[i])] == _labels[query] ? 1 : 0;
            firstHit = Math.Min(firstHit, hit == 0 ? int.MaxValue : i + 1);
            hits += hit;
            sum += hit * hits / (i + 1.0);
            (hitsAtR, sumAtR) = i < relevant ? (hits, sum) : (hitsAtR, sumAtR);
            sumAtDepth = i < _options.RankingDepth ? sum : sumAtDepth;
        }

        _rPrecision[query] = (double)hitsAtR / _relevant[query];
        _mapAtR[query] = sumAtR / _relevant[query];
        _averagePrecision[query] = sumAtDepth / _relevant[query];
        _firstHit[query] = firstHit;
    }

    public RetrievalResult Summarize()
    {
        int counted = _relevant.Count(r => r > 0);
        bool ranked = _options.RankingDepth > 0;
        return new RetrievalResult
        {
            Queries = counted,
            Excluded = _relevant.Length - counted,
            PrecisionAt1 = Mean(q => _firstHit[q] == 1 ? 1 : 0),
            RPrecision = Mean(q => _rPrecision[q]),
            MapAtR = Mean(q => _mapAtR[q]),
            RecallAt = _options.RecallAt.Distinct().ToDictionary(k => k, k => Mean(q => _firstHit[q] <= k ? 1 : 0)),
            MeanAveragePrecision = ranked ? Mean(q => _averagePrecision[q]) : null,
            MeanReciprocalRank = ranked ? Mean(q => _firstHit[q] <= _options.RankingDepth ? 1.0 / _firstHit[q] : 0) : null,
        };
    }

    private double? Mean(Func<int, double> value)
    {
        int[] queries = [.. Enumerable.Range(0, _relevant.Length).Where(q => _relevant[q] > 0)];
        if (queries.Length == 0)
        {
            return null;
        }

        return _options.Averaging == RetrievalAveraging.Queries
            ? queries.Average(value)
            : queries.GroupBy(q => _labels[q]).OrderBy(c => c.Key).Average(c => c.Average(value));
    }
}
