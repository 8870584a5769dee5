using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypersphere.Evaluation;

/// <summary>The highest scores of a stream, ties to the lower index: a buffer that is cut back to its best when full.</summary>
/// <remarks>A candidate is one number: the score's bits, mapped so that they order as integers, above the complement of its index; a
/// greater number is a better candidate and no two are equal. Once the list is full, scores not above the worst kept one are passed over eight at a
/// time; indices must therefore come in ascending order.</remarks>
internal struct TopList(ulong[] buffer, int start, int capacity, int depth)
{
    private int _count;
    private float _worst = float.NegativeInfinity;

    /// <summary>How many candidates it is for.</summary>
    public readonly int Depth => depth;

    /// <summary>Room for <paramref name="depth"/> candidates out of <paramref name="total"/> scores that come in blocks.</summary>
    public static int CapacityFor(int depth, int total) => (int)Math.Min((2L * depth) + SimilarityBlocks.BlockColumns, total);

    /// <summary>Offers the scores of indices <paramref name="first"/>, <paramref name="first"/> + 1, …, without
    /// <paramref name="skip"/>.</summary>
    public void Add(ReadOnlySpan<float> scores, int first, int skip)
    {
        if (_count + scores.Length > capacity)
        {
            Cut();
        }

        int skipAt = skip - first;
        if ((uint)skipAt < (uint)scores.Length)
        {
            Append(scores[..skipAt], first);
            Append(scores[(skipAt + 1)..], skip + 1);
        }
        else
        {
            Append(scores, first);
        }
    }

    /// <summary>The best candidates, best first.</summary>
    public ReadOnlySpan<ulong> Sorted()
    {
        Cut();
        Span<ulong> kept = buffer.AsSpan(start, _count);
        Selection.SortDescending(kept);
        return kept;
    }

    public static int IndexOf(ulong candidate) => (int)~(uint)candidate;

    public static float ScoreOf(ulong candidate)
    {
        uint bits = (uint)(candidate >> 32);
        return BitConverter.UInt32BitsToSingle((bits & 0x80000000) != 0 ? bits & 0x7FFFFFFF : ~bits);
    }

    public static ulong Candidate(float score, int index)
    {
        int bits = BitConverter.SingleToInt32Bits(score + 0f);       // −0 becomes 0
        return ((ulong)(uint)(bits ^ ((bits >> 31) | int.MinValue)) << 32) | ~(uint)index;
    }

    /// <summary><see cref="Candidate"/> of eight scores whose indices follow one another.</summary>
    private static void Store(Vector256<float> scores, int first, Span<ulong> to)
    {
        Vector256<int> bits = (scores + Vector256<float>.Zero).AsInt32();
        Vector256<int> ordered = bits ^ ((bits >> 31) | Vector256.Create(int.MinValue));
        Vector256<uint> index = ~(Vector256<uint>.Indices + Vector256.Create((uint)first));
        (Vector256<ulong> low, Vector256<ulong> high) = Vector256.Widen(ordered.AsUInt32());
        (Vector256<ulong> lowIndex, Vector256<ulong> highIndex) = Vector256.Widen(index);
        ((low << 32) | lowIndex).CopyTo(to);
        ((high << 32) | highIndex).CopyTo(to[4..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Append(ReadOnlySpan<float> scores, int first)
    {
        int i = 0;
        Vector256<float> worst = Vector256.Create(_worst);
        Span<ulong> free = buffer.AsSpan(start + _count, capacity - _count);
        int count = 0;
        for (; i + Vector256<float>.Count <= scores.Length; i += Vector256<float>.Count)
        {
            Vector256<float> eight = Vector256.Create(scores[i..]);
            uint better = Vector256.GreaterThan(eight, worst).ExtractMostSignificantBits();
            if (better == 0xFF)
            {
                Store(eight, first + i, free[count..]);
                count += Vector256<float>.Count;
                continue;
            }

            for (; better != 0; better &= better - 1)
            {
                int at = i + BitOperations.TrailingZeroCount(better);
                free[count++] = Candidate(scores[at], first + at);
            }
        }

        for (; i < scores.Length; i++)
        {
            if (scores[i] > _worst)
            {
                free[count++] = Candidate(scores[i], first + i);
            }
        }

        _count += count;
    }

    private void Cut()
    {
        if (_count >= depth && depth > 0)
        {
            Span<ulong> all = buffer.AsSpan(start, _count);
            Selection.Partition(all, depth);
            _count = depth;
            _worst = ScoreOf(all[depth - 1]);
        }
    }
}
