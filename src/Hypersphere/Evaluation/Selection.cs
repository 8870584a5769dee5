using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Hypersphere.Evaluation;

/// <summary>Selection and sorting of candidates in place.</summary>
internal static class Selection
{
    private const int FewToBucket = 64;
    private const int LargeBucket = 24;
    private const int MostBuckets = 1 << 14;
    private const int FewToSample = 2048;
    private const int Sample = 64;

    /// <summary>Moves the greatest of distinct values to the front: at least so many and at most so many, which one pass mostly
    /// reaches.</summary>
    /// <param name="values">At least <paramref name="least"/> values, no two equal.</param>
    /// <param name="least">At least 1.</param>
    /// <param name="most">At least <paramref name="least"/>.</param>
    /// <returns>How many are at the front; the last of these is the smallest of them.</returns>
    public static int Partition(Span<ulong> values, int least, int most)
    {
        (int low, int high) = (0, values.Length - 1);
        for (int patience = 64; high - low > 32 && patience > 0; patience--)
        {
            int split = Split(values, low, high, (least + most) / 2);
            if (split + 1 < least)
            {
                low = split + 1;
            }
            else if (split + 1 > most)
            {
                high = split - 1;
            }
            else
            {
                return split + 1;
            }
        }

        Comparisons(values[low..(high + 1)]);
        return least;
    }

    /// <summary>Sorts the greatest to the front: about two buckets per value by the leading bits of their range, then a few
    /// comparisons.</summary>
    public static void SortDescending(Span<ulong> values)
    {
        if (values.Length < FewToBucket)
        {
            Comparisons(values);
            return;
        }

        (ulong least, ulong greatest) = (TensorPrimitives.Min<ulong>(values), TensorPrimitives.Max<ulong>(values));
        int buckets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(2 * values.Length, MostBuckets));
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

        Insertion(values);
    }

    private static void Insertion(Span<ulong> values)
    {
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

    /// <summary>Puts greater values before a pivot and returns where it came to lie: near <paramref name="target"/> by a sample where there
    /// are many, else the median of three.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Split(Span<ulong> values, int low, int high, int target)
    {
        int middle = (low + high) >>> 1;
        if (high - low > FewToSample)
        {
            MoveFromSample(values[low..(high + 1)], target - low, middle - low);
        }
        else
        {
            Order(ref values[low], ref values[middle]);
            Order(ref values[low], ref values[high]);
            Order(ref values[middle], ref values[high]);
        }

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

    /// <summary>Moves what should come to lie at <paramref name="target"/>, by the look of a sample, to <paramref name="at"/>.</summary>
    private static void MoveFromSample(Span<ulong> values, int target, int at)
    {
        Span<ulong> sample = stackalloc ulong[Sample];
        int step = values.Length / Sample;
        for (int i = 0; i < Sample; i++)
        {
            sample[i] = values[i * step];
        }

        Insertion(sample);
        ulong chosen = sample[(int)Math.Min((long)target * Sample / values.Length, Sample - 1)];
        int from = values.IndexOf(chosen);
        (values[from], values[at]) = (values[at], values[from]);
    }

    private static void Order(ref ulong greater, ref ulong smaller)
    {
        if (smaller > greater)
        {
            (greater, smaller) = (smaller, greater);
        }
    }
}
