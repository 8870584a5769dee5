using System.Globalization;

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

    /// <summary>Reads a text file of three tab-separated columns without a heading: row of one sample, row of the other, 1 (same) or
    /// 0.</summary>
    /// <param name="path">The file.</param>
    /// <param name="samples">How many samples there are to refer to.</param>
    /// <exception cref="InputException">The file is missing, empty or malformed; the message names the line.</exception>
    public static VerificationPairs Read(string path, int samples)
    {
        List<int> first = [];
        List<int> second = [];
        List<bool> same = [];
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                int number = first.Count + 1;
                string[] cells = line.Split('\t');
                if (cells.Length != 3 || cells[2] is not ("0" or "1"))
                {
                    throw Malformed(path, number, "needs three tab-separated columns: row, row, 1 (same) or 0");
                }

                first.Add(Index(cells[0], path, number, samples));
                second.Add(Index(cells[1], path, number, samples));
                same.Add(cells[2] == "1");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read ({e.Message}); give a tab-separated file of pairs", e);
        }

        return first.Count > 0
            ? new VerificationPairs([.. first], [.. second], [.. same])
            : throw new InputException($"{path}: holds no pairs; give lines of row, row, 1 (same) or 0, separated by tabs");
    }

    private static int Index(string cell, string path, int line, int samples)
        => int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < samples
            ? index
            : throw Malformed(path, line, $"'{Short(cell)}' is not a row; there are {samples} samples, numbered from 0");

    private static string Short(string cell) => cell.Length <= 20 ? cell : cell[..20] + "…";

    private static InputException Malformed(string path, int line, string what) => new($"{path}, line {line}: {what}");
}
