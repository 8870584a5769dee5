using System.Buffers;
using System.Numerics;
using Hypersphere.Tensors;

namespace Hypersphere.Losses;

/// <summary>The classes that one step compares its embeddings with: Partial FC (An et al., CVPR 2022).</summary>
public sealed class ClassSample
{
    private const int WordBits = 64;

    private ClassSample(int[] classes) => Rows = classes;

    /// <summary>The classes, ascending.</summary>
    public IReadOnlyList<int> Classes => Rows;

    /// <summary>How many classes.</summary>
    public int Count => Rows.Length;

    /// <summary>The classes, for ops.</summary>
    internal int[] Rows { get; }

    /// <summary>A sample that the caller chooses.</summary>
    /// <param name="classes">Ascending, none twice, at least one.</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static ClassSample Of(params ReadOnlySpan<int> classes)
    {
        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] < 0 || (i > 0 && classes[i] <= classes[i - 1]))
            {
                throw new ArgumentException($"a sample lists its classes in ascending order, each once, but {classes[i]} stands at place {i}.", nameof(classes));
            }
        }

        return classes.Length == 0 ? throw new ArgumentException("a sample holds at least one class.", nameof(classes)) : new(classes.ToArray());
    }

    /// <summary>The classes of a batch and others, drawn uniformly, up to ⌊rate·C⌋ together; the batch's alone if it has more.</summary>
    /// <remarks>A function of its arguments: every rank of a training that splits its classes draws the same sample and keeps its share
    /// (<see cref="Within"/>), so the sample does not depend on how many ranks there are. Costs one random number a class drawn and C/8 bytes
    /// for a moment.</remarks>
    /// <param name="classes">C.</param>
    /// <param name="labels">Classes of the whole batch; −1 is none.</param>
    /// <param name="rate">Share of the classes, above 0 to 1.</param>
    /// <param name="random">The step's.</param>
    public static ClassSample Draw(int classes, ReadOnlySpan<int> labels, double rate, Rng random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ulong[] rented = ArrayPool<ulong>.Shared.Rent((classes + WordBits - 1) / WordBits);
        Span<ulong> words = rented.AsSpan(0, (classes + WordBits - 1) / WordBits);
        words.Clear();
        int own = 0;
        foreach (int label in labels)
        {
            own += label >= 0 && Flip(words, label, to: true) ? 1 : 0;
        }

        // the smallest sample is one class, so that a batch without labels has something to be compared with
        int wanted = Math.Clamp((int)(rate * classes), Math.Max(own, 1), classes), others = wanted - own, left = classes - wanted;
        if (others <= left)
        {
            Mark(words, classes, others, random, to: true, spare: []);
        }
        else
        {
            int[] spare = labels.ToArray();
            Array.Sort(spare);
            words.Fill(ulong.MaxValue);
            Mark(words, classes, left, random, to: false, spare);
        }

        int[] rows = Listed(words, wanted);
        ArrayPool<ulong>.Shared.Return(rented);
        return new ClassSample(rows);
    }

    /// <summary>The part in a range of classes, numbered from its start; for a rank that holds these classes. May be empty.</summary>
    /// <param name="first">The first class of the range.</param>
    /// <param name="count">Classes in the range.</param>
    public ClassSample Within(int first, int count)
    {
        (int start, int end) = (Place(first), Place(first + count));
        return new ClassSample(Array.ConvertAll(Rows[start..end], c => c - first));
    }

    /// <summary>Where each label stands in the sample; −1 where it does not.</summary>
    /// <param name="labels">Classes; −1 is none.</param>
    public int[] Positions(ReadOnlySpan<int> labels)
    {
        int[] positions = new int[labels.Length];
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = Math.Max(Array.BinarySearch(Rows, labels[i]), -1);
        }

        return positions;
    }

    /// <summary>Where the labels of a batch stand in the sample, which must fit it.</summary>
    /// <exception cref="InputException">It holds other classes than the loss has, or lacks a class of the batch.</exception>
    internal int[] Places(ReadOnlySpan<int> labels, int classes, string loss)
    {
        if (Count == 0 || Rows[^1] >= classes)
        {
            throw new InputException(
                $"{loss}: a sample holds classes from 0 to {classes - 1}, but this one {(Count == 0 ? "is empty" : $"holds class {Rows[^1]}")}.");
        }

        int[] places = Positions(labels);
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] < 0 && labels[i] >= 0)
            {
                throw new InputException($"{loss}: the sample of classes lacks class {labels[i]} of row {i}; it must hold all classes of the batch.");
            }
        }

        return places;
    }

    /// <summary>The part that a rank compares with, of a sample that all ranks drew alike.</summary>
    internal (ClassSample Local, SpreadRows Spread) Of(SpreadRows classes) =>
        (Within(classes.First, classes.Count), new(classes.Ranks, Count) { First = Place(classes.First), Count = Place(classes.First + classes.Count) - Place(classes.First) });

    private int Place(int value)
    {
        int found = Array.BinarySearch(Rows, value);
        return found < 0 ? ~found : found;
    }

    /// <summary>Sets or clears as many bits that are not so yet, leaving alone the classes in <paramref name="spare"/>.</summary>
    private static void Mark(Span<ulong> words, int classes, int count, Rng random, bool to, int[] spare)
    {
        while (count > 0)
        {
            int c = random.NextInt(classes);
            if ((spare.Length == 0 || Array.BinarySearch(spare, c) < 0) && Flip(words, c, to))
            {
                count--;
            }
        }
    }

    /// <summary>Sets or clears a bit; false when it was so already.</summary>
    private static bool Flip(Span<ulong> words, int c, bool to)
    {
        ref ulong word = ref words[c / WordBits];
        ulong bit = 1UL << (c % WordBits);
        if ((word & bit) != 0 == to)
        {
            return false;
        }

        word ^= bit;
        return true;
    }

    private static int[] Listed(ReadOnlySpan<ulong> words, int count)
    {
        int[] rows = new int[count];
        int at = 0;
        for (int w = 0; w < words.Length; w++)
        {
            for (ulong word = words[w]; word != 0 && at < count; word &= word - 1)
            {
                rows[at++] = (w * WordBits) + BitOperations.TrailingZeroCount(word);
            }
        }

        return rows;
    }
}
