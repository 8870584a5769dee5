using System.Buffers;
using Hypersphere.Kernels;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Evaluation;

/// <summary>The nearest of many embeddings by cosine, exactly. Safe to use from several threads.</summary>
/// <remarks>Blocks of a matrix product go through running lists of the best; the Q×G similarities never exist. Cost 2·Q·G·D flops; memory
/// G·D floats for the unit rows, and a block a thread. One query reads the rows once. The same bits for any number of threads.</remarks>
/// <example><code>EmbeddingIndex index = new(gallery);
/// Neighbors found = index.Find(queries, top: 10);
/// int nearest = found.Rows(0)[0];</code></example>
public sealed class EmbeddingIndex
{
    private readonly float[] _unit;

    /// <summary>Takes embeddings, which need not be normalised.</summary>
    public EmbeddingIndex(EmbeddingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        (_unit, Size, Count) = (Vectors.Normalized(set.Values, set.Size), set.Size, set.Count);
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
        var body = new SearchBody(Vectors.Normalized(queries.Values, Size), _unit, Size, top);
        WorkerPool.Shared.Run(body.Units, ref body);
        return body.Collect();
    }

    /// <summary>Bands of queries by segments of the gallery: each unit keeps lists of its own, which are joined at the end.</summary>
    private readonly struct SearchBody : IParallelBody
    {
        private const int BandRows = 256, SegmentRows = 16 * SimilarityBlocks.BlockColumns;

        private readonly float[] _queries;
        private readonly float[] _gallery;
        private readonly int _size;
        private readonly int _top;
        private readonly int _segments;
        private readonly ulong[] _best;

        public SearchBody(float[] queries, float[] gallery, int size, int top)
        {
            (_queries, _gallery, _size, _top) = (queries, gallery, size, top);
            _segments = Math.Max(1, (Count + SegmentRows - 1) / SegmentRows);
            _best = new ulong[checked(Queries * _segments * top)];
        }

        public int Units => (Queries + BandRows - 1) / BandRows * _segments;

        private int Queries => _queries.Length / _size;

        private int Count => _gallery.Length / _size;

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
                Multiply(firstQuery, rows, column, width, scores);
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

        private unsafe void Multiply(int query, int rows, int column, int width, float[] scores)
        {
            fixed (float* q = _queries, g = _gallery, s = scores)
            {
                Gemm.Multiply(false, true, rows, width, _size, q + ((nint)query * _size), _size, g + ((nint)column * _size), _size, s, width);
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
