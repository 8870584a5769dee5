using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Hypersphere.Evaluation;

/// <summary>Selection and sorting of candidates in place.</summary>
internal static class Selection
{
    private const int FewToBucket = 64;
    private const int LargeBucket = 24;
    private const int MostBuckets = 1 << 14;

    /// <summary>Moves the <paramref name="count"/> greatest of distinct values to the front, the smallest of those at index count −
    /// 1.</summary>
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

        Comparisons(values[low..(high + 1)]);
    }

    /// <summary>Sorts the greatest to the front: about one bucket per value by the leading bits of their range, then a few
    /// comparisons.</summary>
    public static void SortDescending(Span<ulong> values)
    {
        if (values.Length < FewToBucket)
        {
            Comparisons(values);
            return;
        }

        (ulong least, ulong greatest) = (ulong.MaxValue, 0);
        foreach (ulong value in values)
        {
            (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        }

        int buckets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(values.Length, MostBuckets));
        int shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(greatest - least) - BitOperations.Log2((uint)buckets));
        int[] ends = ArrayPool<int>.Shared.Rent(buckets);
        ulong[] copy = ArrayPool<ulong>.Shared.Rent(values.Length);
        values.CopyTo(copy);
        Scatter(copy.AsSpan(0, values.Length), values, ends.AsSpan(0, buckets), greatest, shift);
        for (int bucket = 0, from = 0; bucket < buckets; from = ends[bucket++])
        {
            Span<ulong> inside = values[from..ends[bucket]];
            if (inside.Length > 1)
            {
                Comparisons(inside);
            }
        }

        ArrayPool<ulong>.Shared.Return(copy);
        ArrayPool<int>.Shared.Return(ends);
    }

    /// <summary>Counting sort by distance to the greatest; <paramref name="ends"/> receives the end of each bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(ReadOnlySpan<ulong> from, Span<ulong> to, Span<int> ends, ulong greatest, int shift)
    {
        ends.Clear();
        foreach (ulong value in from)
        {
            ends[(int)((greatest - value) >> shift)]++;
        }

        int start = 0;
        foreach (ref int end in ends)
        {
            (end, start) = (start, start + end);
        }

        foreach (ulong value in from)
        {
            to[ends[(int)((greatest - value) >> shift)]++] = value;
        }
    }

    private static void Comparisons(Span<ulong> values)
    {
        if (values.Length > LargeBucket)
        {
            values.Sort();
            values.Reverse();
            return;
        }

        for (int i = 1; i < values.Length; i++)
        {
            ulong value = values[i];
            int at = i;
            for (; at > 0 && values[at - 1] < value; at--)
            {
                values[at] = values[at - 1];
            }

            values[at] = value;
        }
    }

    /// <summary>Puts greater values before a pivot, the median of three, and returns where it came to lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
