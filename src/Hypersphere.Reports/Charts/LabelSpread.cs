namespace Hypersphere.Reports.Charts;

/// <summary>Moves labels apart as little as possible along one axis so that none covers another.</summary>
internal static class LabelSpread
{
    /// <summary>Centres of the labels, in the order given.</summary>
    /// <remarks>The least-squares answer: subtract the room that the labels before take, pool neighbours that are out of order (isotonic
    /// regression), clamp, add the room again. If they cannot all fit, they are squeezed evenly.</remarks>
    public static double[] Place(ReadOnlySpan<double> wanted, double size, double low, double high)
    {
        int n = wanted.Length;
        if (n == 0)
        {
            return [];
        }

        double room = n > 1 ? Math.Min(size, Math.Max(0, high - low) / (n - 1)) : size;
        double[] values = wanted.ToArray();
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => values[i]).ThenBy(i => i)];
        var blocks = new List<(double Sum, int Count)>();
        for (int k = 0; k < n; k++)
        {
            (double Sum, int Count) block = (values[order[k]] - (k * room), 1);
            while (blocks.Count > 0 && blocks[^1].Sum / blocks[^1].Count > block.Sum / block.Count)
            {
                block = (block.Sum + blocks[^1].Sum, block.Count + blocks[^1].Count);
                blocks.RemoveAt(blocks.Count - 1);
            }

            blocks.Add(block);
        }

        double[] placed = new double[n];
        int at = 0;
        foreach ((double sum, int count) in blocks)
        {
            double mean = Math.Clamp(sum / count, low, Math.Max(low, high - ((n - 1) * room)));
            for (int i = 0; i < count; i++, at++)
            {
                placed[order[at]] = mean + (at * room);
            }
        }

        return placed;
    }
}
