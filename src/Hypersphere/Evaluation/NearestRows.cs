namespace Hypersphere.Evaluation;

/// <summary>For each unit row of one matrix the unit row of another with the highest cosine, the lower index of equals.</summary>
internal static class NearestRows
{
    /// <summary>Index of the nearest row of <paramref name="right"/> for each of <paramref name="left"/>.</summary>
    /// <param name="left">[N, size], unit rows.</param>
    /// <param name="right">[C, size], unit rows.</param>
    /// <param name="size">Length of a row.</param>
    /// <param name="skipOwn">Pass over the row with the same index; -1 results where there is no other.</param>
    public static int[] Find(ReadOnlySpan<float> left, ReadOnlySpan<float> right, int size, bool skipOwn)
    {
        int[] nearest = new int[left.Length / size];
        SimilarityBlocks.Visit(left, right, size, false, (first, rows) => new Band(nearest, first, rows, skipOwn));
        return nearest;
    }

    private sealed class Band : ISimilarityBand
    {
        private readonly int[] _nearest;
        private readonly float[] _best;
        private readonly bool _skipOwn;

        public Band(int[] nearest, int first, int rows, bool skipOwn)
        {
            (_nearest, _best, _skipOwn) = (nearest, new float[rows], skipOwn);
            Array.Fill(_best, float.NegativeInfinity);
            nearest.AsSpan(first, rows).Fill(-1);
        }

        public void Add(in SimilarityBlock block)
        {
            for (int r = 0; r < block.Rows; r++)
            {
                int row = block.FirstRow + r;
                ReadOnlySpan<float> cosines = block.Row(r);
                for (int c = 0; c < cosines.Length; c++)
                {
                    if (cosines[c] > _best[r] && !(_skipOwn && block.FirstColumn + c == row))
                    {
                        (_best[r], _nearest[row]) = (cosines[c], block.FirstColumn + c);
                    }
                }
            }
        }

        public void Complete()
        {
        }
    }
}
