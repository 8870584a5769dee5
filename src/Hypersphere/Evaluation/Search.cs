using System.Buffers;

namespace Hypersphere.Evaluation;

/// <summary>What the queries of a search want, and who takes what was found.</summary>
internal interface ISearchQueries
{
    /// <summary>How many neighbours a query wants, no more than there are; 0 for none.</summary>
    int DepthOf(int query);

    /// <summary>The row that a query passes over because it is the query itself; −1 for none.</summary>
    int SelfOf(int query);

    /// <summary>Takes as many neighbours as wanted, nearest first, as <see cref="TopList.Candidate"/> writes them. Several queries come at the same time.</summary>
    void Take(int query, ReadOnlySpan<ulong> neighbors);
}

/// <summary>Exact search: the columns most similar to each row, the lower of equals first.</summary>
/// <remarks>Each band keeps the best of its rows. Where there are too few bands of rows for many threads, the columns are cut, too, and a
/// row's lists are joined at the end: a sort of numbers no two of which are equal.</remarks>
internal static class Search
{
    private const int FewBands = 64, SegmentColumns = 16 * SimilarityBlocks.BlockColumns, CandidatesPerBand = 1 << 20;

    public static void Run<T>(T similarities, ISearchQueries queries)
        where T : struct, ISimilarities
    {
        int deepest = 0;
        for (int q = 0; q < similarities.Rows; q++)
        {
            deepest = Math.Max(deepest, queries.DepthOf(q));
        }

        int capacity = TopList.CapacityFor(deepest, similarities.Columns);
        int bandRows = Math.Clamp(CandidatesPerBand / Math.Max(1, capacity), 1, SimilarityBlocks.BandRows);
        if (similarities.Rows > FewBands * bandRows || similarities.Columns <= SegmentColumns)
        {
            SimilarityBlocks.Visit(similarities, range => new Band(range, capacity, queries, queries.Take), bandRows: bandRows);
            return;
        }

        ulong[]?[] found = new ulong[similarities.Rows][];
        SimilarityBlocks.Visit(similarities, range => new Band(range, capacity, queries, Keep), bandRows: bandRows, bandColumns: SegmentColumns);
        for (int q = 0; q < found.Length; q++)
        {
            if (found[q] is { } all)
            {
                Selection.SortDescending(all);
                queries.Take(q, all.AsSpan(0, queries.DepthOf(q)));
            }
        }

        void Keep(int query, ReadOnlySpan<ulong> neighbors)
        {
            lock (found)
            {
                found[query] = [.. found[query] ?? [], .. neighbors];
            }
        }
    }

    /// <summary>The running best columns of a band's rows.</summary>
    private sealed class Band : ISimilarityBand
    {
        private readonly ISearchQueries _queries;
        private readonly Action<int, ReadOnlySpan<ulong>> _found;
        private readonly int _first;
        private readonly ulong[] _buffer;
        private readonly TopList[] _lists;

        public Band(SimilarityRange range, int capacity, ISearchQueries queries, Action<int, ReadOnlySpan<ulong>> found)
        {
            capacity = Math.Min(capacity, range.Columns);
            (_queries, _found, _first, _lists) = (queries, found, range.FirstRow, new TopList[range.Rows]);
            _buffer = ArrayPool<ulong>.Shared.Rent(checked(range.Rows * capacity));
            for (int i = 0; i < _lists.Length; i++)
            {
                _lists[i] = new TopList(_buffer, i * capacity, capacity, queries.DepthOf(_first + i));
            }
        }

        public void Add(in SimilarityBlock block)
        {
            for (int i = 0; i < _lists.Length; i++)
            {
                if (_lists[i].Depth > 0)
                {
                    _lists[i].Add(block.Row(i), block.FirstColumn, _queries.SelfOf(_first + i));
                }
            }
        }

        public void Complete()
        {
            for (int i = 0; i < _lists.Length; i++)
            {
                if (_lists[i].Depth > 0)
                {
                    _found(_first + i, _lists[i].Sorted());
                }
            }

            ArrayPool<ulong>.Shared.Return(_buffer);
        }
    }
}
