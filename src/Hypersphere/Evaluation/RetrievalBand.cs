using System.Buffers;

namespace Hypersphere.Evaluation;

/// <summary>The running best neighbours of a band of queries.</summary>
internal sealed class RetrievalBand : ISimilarityBand
{
    private readonly QueryScores _scores;
    private readonly int _first;
    private readonly ulong[] _buffer;
    private readonly TopList[] _lists;

    public RetrievalBand(QueryScores scores, int first, int rows)
    {
        (_scores, _first, _lists) = (scores, first, new TopList[rows]);
        long total = 0;
        for (int i = 0; i < rows; i++)
        {
            total += TopList.CapacityFor(scores.DepthOf(first + i), scores.GallerySize);
        }

        _buffer = ArrayPool<ulong>.Shared.Rent(checked((int)total));
        int start = 0;
        for (int i = 0; i < rows; i++)
        {
            int depth = scores.DepthOf(first + i);
            int capacity = TopList.CapacityFor(depth, scores.GallerySize);
            _lists[i] = new TopList(_buffer, start, capacity, depth);
            start += capacity;
        }
    }

    public void Add(in SimilarityBlock block)
    {
        for (int i = 0; i < block.Rows; i++)
        {
            if (_scores.DepthOf(_first + i) > 0)
            {
                _lists[i].Add(block.Row(i), block.FirstColumn, _scores.SelfOf(_first + i));
            }
        }
    }

    public void Complete()
    {
        for (int i = 0; i < _lists.Length; i++)
        {
            if (_scores.DepthOf(_first + i) > 0)
            {
                _scores.Rate(_first + i, _lists[i].Sorted());
            }
        }

        ArrayPool<ulong>.Shared.Return(_buffer);
    }
}
