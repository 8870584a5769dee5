using System.Globalization;

namespace Hypersphere.Data;

/// <summary>Classes that have numbers and no names.</summary>
internal static class NumberedClasses
{
    /// <summary>Checks labels and names the classes "0", "1", ….</summary>
    /// <param name="labels">One per image.</param>
    /// <param name="classes">How many classes there are; null: up to the largest label, if at least half of the numbers occur.</param>
    /// <param name="origin">The file, for messages.</param>
    /// <exception cref="InputException">A label is negative or too large.</exception>
    public static string[] Check(ReadOnlySpan<int> labels, int? classes, string origin)
    {
        int largest = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0 || labels[i] >= classes)
            {
                string range = classes is { } n ? $"0 … {n - 1}" : "0 and up";
                throw new InputException($"{origin}: label {labels[i]} of image {i} is out of range; labels are {range}");
            }

            largest = Math.Max(largest, labels[i]);
        }

        int count = classes ?? largest + 1;
        if (classes is null)
        {
            HashSet<int> distinct = [.. labels];
            if (largest >= 2L * distinct.Count)
            {
                throw new InputException(
                    $"{origin}: label {largest} of image {labels.IndexOf(largest)} is out of range: only {distinct.Count} "
                    + "different labels occur; number the classes from 0 without gaps or say how many there are");
            }
        }

        string[] names = new string[count];
        for (int i = 0; i < count; i++)
        {
            names[i] = i.ToString(CultureInfo.InvariantCulture);
        }

        return names;
    }
}
