using Hypersphere.Data;

namespace Hypersphere.Evaluation;

/// <summary>Pairs of samples, each genuine (same class) or impostor (different classes).</summary>
public sealed class VerificationPairs
{
    /// <summary>Takes the arrays as they are.</summary>
    /// <param name="first">[P] row of the first sample.</param>
    /// <param name="second">[P] row of the second sample.</param>
    /// <param name="same">[P] true for a genuine pair.</param>
    /// <exception cref="InputException">The lengths differ.</exception>
    public VerificationPairs(int[] first, int[] second, bool[] same)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(same);
        if (first.Length != second.Length || first.Length != same.Length)
        {
            throw new InputException($"pairs: {first.Length}, {second.Length} and {same.Length} entries; "
                + "give the three columns one length");
        }

        (First, Second, Same) = (first, second, same);
    }

    /// <summary>[P] row of the first sample.</summary>
    public int[] First { get; }

    /// <summary>[P] row of the second sample.</summary>
    public int[] Second { get; }

    /// <summary>[P] true for a genuine pair.</summary>
    public bool[] Same { get; }

    /// <summary>P, the number of pairs.</summary>
    public int Count => Same.Length;

    /// <summary>Draws distinct pairs, half genuine and half impostor, uniformly among all pairs of their kind.</summary>
    /// <remarks>Genuine and impostor pairs alternate, so that every contiguous fold is balanced. Depends on labels, count and
    /// <paramref name="rng"/> alone.</remarks>
    /// <param name="labels">[N] class numbers; samples with a negative label are not drawn.</param>
    /// <param name="count">How many pairs, an even number of at least 2.</param>
    /// <param name="rng">Where the randomness comes from.</param>
    /// <exception cref="InputException">The labels do not have that many distinct pairs of a kind.</exception>
    public static VerificationPairs Balanced(ReadOnlySpan<int> labels, int count, Rng rng)
    {
        if (count < 2 || count % 2 != 0)
        {
            throw new InputException($"verification pairs: {count} asked for; give an even number of at least 2");
        }

        var sampler = new PairSampler(labels);
        (int First, int Second)[] genuine = sampler.Draw(true, count / 2, rng.Fork("genuine pairs"));
        (int First, int Second)[] impostor = sampler.Draw(false, count / 2, rng.Fork("impostor pairs"));
        (int[] first, int[] second, bool[] same) = (new int[count], new int[count], new bool[count]);
        for (int i = 0; i < count; i++)
        {
            same[i] = i % 2 == 0;
            (first[i], second[i]) = same[i] ? genuine[i / 2] : impostor[i / 2];
        }

        return new VerificationPairs(first, second, same);
    }

    /// <summary>Reads a list of pairs of rows: lines of row, row, 1 (same) or 0, with tabs, commas or spaces between.</summary>
    /// <param name="path">The file.</param>
    /// <param name="samples">How many samples there are to refer to.</param>
    /// <exception cref="InputException">The file is missing, empty or malformed; the message names the line.</exception>
    public static VerificationPairs Read(string path, int samples) => new PairFile(path, null, samples).Read();

    /// <summary>Reads a list of pairs of named samples, as LFW's pairs.txt.</summary>
    /// <remarks>A line is «name i j» (same: name/name_000i and name/name_000j), «name i name j» (not the same), or «image image 1» or 0,
    /// with tabs, commas or spaces between; endings of file names do not matter. A first line of one or two numbers (folds, pairs a fold)
    /// is passed over: folds are contiguous parts of equal size.</remarks>
    /// <param name="path">The file.</param>
    /// <param name="names">[N] what the samples are called, such as "Ann_Lee/Ann_Lee_0001.jpg".</param>
    /// <exception cref="InputException">The file is missing, empty or malformed, or names a sample that is not there; the message names the
    /// line.</exception>
    public static VerificationPairs Read(string path, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return new PairFile(path, names, names.Count).Read();
    }

    /// <summary>The pairs that a verification set comes with, or null if the images are no such set.</summary>
    /// <param name="images">Perhaps <see cref="PairBinImages"/>.</param>
    public static VerificationPairs? Of(ImageSource images) => images is not PairBinImages set ? null : new(
        [.. Enumerable.Range(0, set.Same.Count).Select(i => 2 * i)], [.. Enumerable.Range(0, set.Same.Count).Select(i => (2 * i) + 1)], [.. set.Same]);

    /// <summary>The samples that the pairs name, in order, and the same pairs as rows of those: what is not named need not be
    /// embedded.</summary>
    public (int[] Samples, VerificationPairs Pairs) Compact()
    {
        int[] samples = [.. First.Concat(Second).Distinct().Order()];
        int[] Rows(int[] old) => [.. old.Select(s => Array.BinarySearch(samples, s))];
        return (samples, new VerificationPairs(Rows(First), Rows(Second), Same));
    }
}
