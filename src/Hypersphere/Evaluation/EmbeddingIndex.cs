using System.Buffers;
using Hypersphere.Kernels.Threading;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypersphere.Evaluation;

/// <summary>How an <see cref="EmbeddingIndex"/> looks through its rows.</summary>
public enum IndexPrecision
{
    /// <summary>In 32 bits: the exact nearest rows.</summary>
    Float32,

    /// <summary>In 7 bits and a scale a row, then the best few (four times as many as wanted, and 32) again in 32 bits. Scores are exact; a row is
    /// missed where its rounded cosine falls behind all of those.</summary>
    Int8,
}

/// <summary>The nearest of many embeddings by cosine. Safe to use from several threads.</summary>
/// <remarks>Blocks of a matrix product go through running lists of the best; the Q×G similarities never exist. Cost 2·Q·G·D operations; memory
/// G·D floats for the unit rows, a quarter more with bytes, and a block a thread. One query reads the rows once. The same bits for any number of
/// threads.</remarks>
/// <example><code>EmbeddingIndex index = new(gallery);
/// Neighbors found = index.Find(queries, top: 10);
/// int nearest = found.Rows(0)[0];</code></example>
public sealed class EmbeddingIndex
{
    private const int MoreCandidates = 4;

    private readonly float[] _unit;
    private readonly ByteRows? _bytes;

    /// <summary>Takes embeddings.</summary>
    /// <param name="set">They need not be normalised.</param>
    /// <param name="precision">How they are looked through.</param>
    public EmbeddingIndex(EmbeddingSet set, IndexPrecision precision = IndexPrecision.Float32)
    {
        ArgumentNullException.ThrowIfNull(set);
        (_unit, Size, Count) = (Vectors.Normalized(set.Values, set.Size), set.Size, set.Count);
        _bytes = precision == IndexPrecision.Int8 ? new ByteRows(_unit, Size) : null;
    }

    /// <summary>D, numbers in an embedding.</summary>
    public int Size { get; }

    /// <summary>G, embeddings that are searched.</summary>
    public int Count { get; }

    /// <summary>The nearest rows of each query, nearest first; of equally near ones the lower row first.</summary>
    /// <param name="queries">Embeddings of the same size, need not be normalised.</param>
    /// <param name="top">How many for each, at least 1; fewer where there are not as many.</param>
    /// <exception cref="InputException">The embeddings have another size.</exception>
    public Neighbors Find(EmbeddingSet queries, int top)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        if (queries.Size != Size)
        {
            throw new InputException($"search: the embeddings have {Size} numbers and the queries {queries.Size}; both must come from one model.");
        }

        top = Math.Min(top, Count);
        float[] asked = Vectors.Normalized(queries.Values, Size);
        if (_bytes is null)
        {
            return Search(new FloatScores(asked, _unit, Size), top);
        }

        int candidates = (int)Math.Min(Count, (MoreCandidates * (long)top) + MoreCandidates * 8);
        Neighbors rough = Search(new ByteScores(asked, _bytes, Size), candidates);
        var again = new Reranking(asked, _unit, Size, rough, top);
        WorkerPool.Shared.Run(again.Queries, ref again);
        return again.Result;
    }

    private static Neighbors Search<T>(T scores, int top)
        where T : struct, ISearchScores
    {
        var body = new SearchBody<T>(scores, top);
        WorkerPool.Shared.Run(body.Units, ref body);
        return body.Collect();
    }

    /// <summary>Bands of queries by segments of the gallery: each unit keeps lists of its own, which are joined at the end.</summary>
    private readonly struct SearchBody<T> : IParallelBody
        where T : struct, ISearchScores
    {
        private const int BandRows = 256, SegmentRows = 16 * SimilarityBlocks.BlockColumns;

        private readonly T _scores;
        private readonly int _top;
        private readonly int _segments;
        private readonly ulong[] _best;

        public SearchBody(T scores, int top)
        {
            (_scores, _top) = (scores, top);
            _segments = Math.Max(1, (Count + SegmentRows - 1) / SegmentRows);
            _best = new ulong[checked(Queries * _segments * top)];
        }

        public int Units => (Queries + BandRows - 1) / BandRows * _segments;

        private int Queries => _scores.Queries;

        private int Count => _scores.Count;

        public void Run(int chunk)
        {
            int firstQuery = chunk / _segments * BandRows, segment = chunk % _segments;
            int rows = Math.Min(BandRows, Queries - firstQuery), from = segment * SegmentRows, to = Math.Min(Count, from + SegmentRows);
            int capacity = TopList.CapacityFor(_top, to - from);
            ulong[] buffer = ArrayPool<ulong>.Shared.Rent(checked(rows * capacity));
            float[] scores = ArrayPool<float>.Shared.Rent(rows * SimilarityBlocks.BlockColumns);
            TopList[] lists = ArrayPool<TopList>.Shared.Rent(rows);
            for (int r = 0; r < rows; r++)
            {
                lists[r] = new TopList(buffer, r * capacity, capacity, _top);
            }

            for (int column = from; column < to; column += SimilarityBlocks.BlockColumns)
            {
                int width = Math.Min(SimilarityBlocks.BlockColumns, to - column);
                _scores.Compute(firstQuery, rows, column, width, scores);
                for (int r = 0; r < rows; r++)
                {
                    lists[r].Add(scores.AsSpan(r * width, width), column, skip: -1);
                }
            }

            for (int r = 0; r < rows; r++)
            {
                ReadOnlySpan<ulong> sorted = lists[r].Sorted();
                sorted.CopyTo(_best.AsSpan((((firstQuery + r) * _segments) + segment) * _top));
            }

            ArrayPool<TopList>.Shared.Return(lists, clearArray: true);
            ArrayPool<float>.Shared.Return(scores);
            ArrayPool<ulong>.Shared.Return(buffer);
        }

        /// <summary>Joins what the segments found.</summary>
        public Neighbors Collect()
        {
            int[] rows = new int[Queries * _top];
            float[] scores = new float[rows.Length];
            for (int q = 0; q < Queries; q++)
            {
                Span<ulong> all = _best.AsSpan(q * _segments * _top, _segments * _top);
                Selection.SortDescending(all);
                for (int i = 0; i < _top; i++)
                {
                    (rows[(q * _top) + i], scores[(q * _top) + i]) = (TopList.IndexOf(all[i]), Math.Clamp(TopList.ScoreOf(all[i]), -1, 1));
                }
            }

            return new Neighbors(rows, scores, _top);
        }
    }

    /// <summary>Candidates in the order of their exact cosines.</summary>
    private readonly struct Reranking(float[] queries, float[] gallery, int size, Neighbors rough, int top) : IParallelBody
    {
        private readonly int[] _rows = new int[queries.Length / size * top];
        private readonly float[] _scores = new float[queries.Length / size * top];

        public int Queries => queries.Length / size;

        public Neighbors Result => new(_rows, _scores, top);

        public void Run(int chunk)
        {
            ReadOnlySpan<float> query = queries.AsSpan(chunk * size, size);
            ReadOnlySpan<int> candidates = rough.Rows(chunk);
            ulong[] exact = new ulong[candidates.Length];
            for (int i = 0; i < exact.Length; i++)
            {
                exact[i] = TopList.Candidate(TensorPrimitives.Dot(query, gallery.AsSpan(candidates[i] * size, size)), candidates[i]);
            }

            Selection.SortDescending(exact);
            for (int i = 0; i < top; i++)
            {
                (_rows[(chunk * top) + i], _scores[(chunk * top) + i]) = (TopList.IndexOf(exact[i]), Math.Clamp(TopList.ScoreOf(exact[i]), -1, 1));
            }
        }
    }
}

/// <summary>The nearest rows of some queries.</summary>
/// <param name="rows">[Q, top].</param>
/// <param name="scores">[Q, top] cosines.</param>
/// <param name="top">How many for each query.</param>
public sealed class Neighbors(int[] rows, float[] scores, int top)
{
    /// <summary>How many there are for each query.</summary>
    public int Top => top;

    /// <summary>Rows of the gallery, nearest first.</summary>
    /// <param name="query">0 … Q−1.</param>
    public ReadOnlySpan<int> Rows(int query) => rows.AsSpan(query * top, top);

    /// <summary>Their cosines, in [−1, 1].</summary>
    /// <param name="query">0 … Q−1.</param>
    public ReadOnlySpan<float> Scores(int query) => scores.AsSpan(query * top, top);
}
