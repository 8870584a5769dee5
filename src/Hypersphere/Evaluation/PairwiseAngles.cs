namespace Hypersphere.Evaluation;

/// <summary>Mean angle over all pairs of rows, in blocks.</summary>
internal static class PairwiseAngles
{
    /// <summary>In degrees; null for fewer than two rows.</summary>
    /// <param name="unit">[C, size], unit rows.</param>
    /// <param name="size">Length of a row.</param>
    public static double? Mean(float[] unit, int size)
    {
        int count = unit.Length / size;
        double[] sums = new double[count];
        SimilarityBlocks.Visit(new InnerProducts(unit, unit, size), _ => new Band(sums), upper: true);
        return count < 2 ? null : sums.Sum() / ((double)count * (count - 1) / 2);
    }

    private sealed class Band(double[] sums) : ISimilarityBand
    {
        public void Add(in SimilarityBlock block)
        {
            for (int r = 0; r < block.Rows; r++)
            {
                int row = block.FirstRow + r;
                foreach (float cosine in block.Row(r, row + 1, int.MaxValue))
                {
                    sums[row] += Vectors.Degrees(cosine);
                }
            }
        }

        public void Complete()
        {
        }
    }
}
