using Hypersphere.Formats;

namespace Hypersphere.Data;

/// <summary>What a set of images is like from outside: sizes and counts, read from headers without decoding a pixel.</summary>
/// <param name="ImagesPerIdentity">Images of every identity that has any.</param>
/// <param name="Sizes">How many images have each size, such as "112×112 RGB".</param>
/// <param name="Bytes">Length of all files together; 0 where the images are no files.</param>
public sealed record DatasetFiles(IReadOnlyList<int> ImagesPerIdentity, IReadOnlyDictionary<string, int> Sizes, long Bytes)
{
    /// <summary>Looks at a set, whose images may differ in size.</summary>
    /// <param name="spec">The images, as <see cref="ImageSource.Open"/> takes them.</param>
    /// <exception cref="InputException">There are no images, or one cannot be recognised.</exception>
    public static DatasetFiles Read(string spec)
    {
        if (ImageSourceSpec.Listing(spec) is not { } listing)
        {
            ImageSource source = ImageSource.Open(spec);
            return new([.. new DatasetSummary(source).ImagesPerClass.Where(n => n > 0)], new Dictionary<string, int> { [source.DescribeShape()] = source.Count }, 0);
        }

        SortedDictionary<string, int> sizes = new(StringComparer.Ordinal);
        long bytes = 0;
        byte[] buffer = [];
        for (int i = 0; i < listing.Files.Length; i++)
        {
            ImageInfo info = ImageDecoders.IdentifyFile(listing.PathOf(i), ref buffer);
            string size = $"{info.Height}×{info.Width} {(info.Channels == 1 ? "grey" : "RGB")}";
            sizes[size] = sizes.GetValueOrDefault(size) + 1;
            bytes += new FileInfo(listing.PathOf(i)).Length;
        }

        return new([.. listing.Labels.CountBy(l => l).OrderBy(c => c.Key).Select(c => c.Value)], sizes, bytes);
    }
}
