namespace Hypersphere.Data;

/// <summary>Ways to cut a source in two. The same seed gives the same cut.</summary>
public static class Splits
{
    /// <summary>Cuts by class: no class is in both halves (open set). Classes are numbered anew in each.</summary>
    /// <param name="source">The whole, at least 2 classes with images.</param>
    /// <param name="share">Share of the classes that go to the first half, above 0 and below 1; each half gets at least one.</param>
    /// <param name="rng">Chooses the classes.</param>
    /// <exception cref="InputException">Fewer than 2 classes have images.</exception>
    public static (ImageSource First, ImageSource Second) ByClass(ImageSource source, double share, Rng rng)
    {
        CheckShare(share);
        List<int>[] members = Members(source);
        int[] classes = [.. Enumerable.Range(0, members.Length).Where(c => members[c].Count > 0)];
        if (classes.Length < 2)
        {
            throw new InputException($"{source.Origin}: has {classes.Length} class with images; a split by class needs at least 2");
        }

        rng.Fork("split-classes").Shuffle(classes.AsSpan());
        int first = Math.Clamp((int)Math.Round(share * classes.Length), 1, classes.Length - 1);
        return (OfClasses(source, members, classes[..first]), OfClasses(source, members, classes[first..]));
    }

    /// <summary>Cuts by image: every class goes to both halves in the same share (closed set). Class numbers stay.</summary>
    /// <param name="source">The whole.</param>
    /// <param name="share">Share of each class's images that go to the first half, above 0 and below 1; a class with one image goes
    /// there whole.</param>
    /// <param name="rng">Chooses the images.</param>
    /// <exception cref="InputException">Nothing is left for the second half.</exception>
    public static (ImageSource First, ImageSource Second) BySample(ImageSource source, double share, Rng rng)
    {
        CheckShare(share);
        List<int>[] members = Members(source);
        List<int> first = [], second = [];
        for (int c = 0; c < members.Length; c++)
        {
            int[] images = [.. members[c]];
            rng.Fork("split-samples", c).Shuffle(images.AsSpan());
            int count = Math.Min(images.Length, Math.Max(1, (int)Math.Round(share * images.Length)));
            first.AddRange(images.AsSpan(0, count));
            second.AddRange(images.AsSpan(count));
        }

        first.Sort();
        second.Sort();
        return second.Count > 0
            ? (new SubsetImages(source, [.. first]), new SubsetImages(source, [.. second]))
            : throw new InputException(
                $"{source.Origin}: no class has images enough for a share of {1 - share:0.##}; split by class or give more images");
    }

    private static SubsetImages OfClasses(ImageSource source, List<int>[] members, int[] classes)
    {
        Array.Sort(classes);
        int[] images = [.. classes.SelectMany(c => members[c])];
        Array.Sort(images);
        return new SubsetImages(source, images, classes);
    }

    private static List<int>[] Members(ImageSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        List<int>[] members = new List<int>[source.ClassNames.Count];
        for (int c = 0; c < members.Length; c++)
        {
            members[c] = [];
        }

        for (int i = 0; i < source.Count; i++)
        {
            members[source.Label(i)].Add(i);
        }

        return members;
    }

    private static void CheckShare(double share)
    {
        if (!(share > 0 && share < 1))
        {
            throw new InputException($"a split needs a share above 0 and below 1, not {share}");
        }
    }
}
