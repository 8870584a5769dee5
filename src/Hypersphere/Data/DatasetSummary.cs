using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hypersphere.Data;

/// <summary>What a data set holds, in numbers.</summary>
public sealed class DatasetSummary
{
    private readonly string _origin;
    private readonly string _shape;

    /// <summary>Counts.</summary>
    /// <param name="source">The data set; no pixel is read.</param>
    public DatasetSummary(ImageSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        (_origin, _shape, Images) = (source.Origin, source.DescribeShape(), source.Count);
        int[] counts = new int[source.ClassNames.Count];
        for (int i = 0; i < source.Count; i++)
        {
            counts[source.Label(i)]++;
        }

        int[] sorted = [.. counts.Where(n => n > 0).Order()];
        (ImagesPerClass, Classes, Smallest, Largest, Median) = (counts, sorted.Length, sorted[0], sorted[^1], sorted[sorted.Length / 2]);
        SingleImageClasses = sorted.Count(n => n == 1);
    }

    /// <summary>How many images.</summary>
    public int Images { get; }

    /// <summary>Images of every class, by label.</summary>
    public IReadOnlyList<int> ImagesPerClass { get; }

    /// <summary>Classes that have images.</summary>
    public int Classes { get; }

    /// <summary>Classes with exactly one image: they cannot form a genuine pair.</summary>
    public int SingleImageClasses { get; }

    /// <summary>Images of the smallest class that has any.</summary>
    public int Smallest { get; }

    /// <summary>Images of the largest class.</summary>
    public int Largest { get; }

    /// <summary>Median number of images of a class that has any.</summary>
    public int Median { get; }

    /// <summary>Checks that a network can be trained on the data set.</summary>
    /// <exception cref="InputException">Fewer than two classes have images.</exception>
    public void RequireTrainable()
    {
        if (Classes < 2)
        {
            throw new InputException(
                $"{_origin}: all {Text(Images)} images are of one class; training needs at least 2 classes, each in a folder of its own");
        }
    }

    /// <summary>Such as "60,000 images 28×28 grey, 10 classes of 6,000" or "…,
    /// 192 classes of 1–31 (median 24), 3 of them with one image".</summary>
    public override string ToString()
    {
        string sizes = Smallest == Largest ? Text(Smallest) : $"{Text(Smallest)}–{Text(Largest)} (median {Text(Median)})";
        string single = SingleImageClasses > 0 && Largest > 1 ? $", {Text(SingleImageClasses)} of them with one image" : "";
        return $"{Text(Images)} images {_shape}, {Text(Classes)} classes of {sizes}{single}";
    }

    /// <summary>A hash of names, labels, classes and sizes, to tell at resume whether the data are still the same.</summary>
    /// <param name="source">The data set; no pixel is read.</param>
    /// <returns>32 hexadecimal digits.</returns>
    public static string Fingerprint(ImageSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, string.Create(CultureInfo.InvariantCulture,
            $"{source.Count} {source.Height} {source.Width} {source.Channels} {source.ClassNames.Count}"));
        foreach (string name in source.ClassNames)
        {
            Append(hash, name);
        }

        for (int i = 0; i < source.Count; i++)
        {
            Append(hash, string.Create(CultureInfo.InvariantCulture, $"{source.Label(i)} {source.Name(i)}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private static void Append(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
