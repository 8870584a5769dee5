namespace Hypersphere.Evaluation;

/// <summary>Selection in place.</summary>
internal static class Selection
{
    /// <summary>Moves the <paramref name="count"/> greatest of distinct values to the front, the smallest of those at index count − 1.</summary>
    /// <param name="values">At least <paramref name="count"/> values, no two equal.</param>
    /// <param name="count">At least 1.</param>
    public static void Partition(Span<ulong> values, int count)
    {
        (int low, int high, int target) = (0, values.Length - 1, count - 1);
        for (int patience = 64; high - low > 32 && patience > 0; patience--)
        {
            int split = Split(values, low, high);
            if (split < target)
            {
                low = split + 1;
            }
            else if (split > target)
            {
                high = split - 1;
            }
            else
            {
                return;
            }
        }

        Span<ulong> rest = values[low..(high + 1)];
        rest.Sort();
        rest.Reverse();
    }

    /// <summary>Puts greater values before a pivot, the median of three, and returns where it came to lie.</summary>
    private static int Split(Span<ulong> values, int low, int high)
    {
        int middle = (low + high) >>> 1;
        Order(ref values[low], ref values[middle]);
        Order(ref values[low], ref values[high]);
        Order(ref values[middle], ref values[high]);
        ulong pivot = values[middle];
        values[middle] = values[high];
        values[high] = pivot;
        int next = low;
        for (int i = low; i < high; i++)
        {
            ulong value = values[i];
            values[i] = values[next];
            values[next] = value;
            next += value > pivot ? 1 : 0;
        }

        (values[next], values[high]) = (values[high], values[next]);
        return next;
    }

    private static void Order(ref ulong greater, ref ulong smaller)
    {
        if (smaller > greater)
        {
            (greater, smaller) = (smaller, greater);
        }
    }
}
