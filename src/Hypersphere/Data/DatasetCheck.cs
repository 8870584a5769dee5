using System.Security.Cryptography;
using Hypersphere.Formats;

namespace Hypersphere.Data;

/// <summary>Two images that are the same, or nearly.</summary>
/// <param name="First">Name of one.</param>
/// <param name="Second">Name of the other.</param>
/// <param name="Exact">Whether every pixel is the same; otherwise their perceptual hashes are near.</param>
/// <param name="SameIdentity">Whether both are of one identity.</param>
public readonly record struct DuplicateImages(string First, string Second, bool Exact, bool SameIdentity);

/// <summary>What is wrong with a set of images: files that cannot be read, images that occur twice.</summary>
public sealed class DatasetCheck
{
    private readonly List<string> _names = [];
    private readonly List<string> _identities = [];
    private readonly List<string> _digests = [];
    private readonly List<PerceptualHash> _hashes = [];
    private readonly List<string> _broken = [];
    private readonly SortedDictionary<string, int> _sizes = new(StringComparer.Ordinal);

    private DatasetCheck()
    {
    }

    /// <summary>A line for each image that cannot be read.</summary>
    public IReadOnlyList<string> Broken => _broken;

    /// <summary>How many images have each size, such as "112×112 RGB".</summary>
    public IReadOnlyDictionary<string, int> Sizes => _sizes;

    /// <summary>Identities with exactly one readable image.</summary>
    public IReadOnlyList<string> Single => [.. _identities.CountBy(i => i, StringComparer.Ordinal).Where(c => c.Value == 1).Select(c => c.Key).Order(StringComparer.Ordinal)];

    /// <summary>Images that could be read.</summary>
    public int Count => _names.Count;

    /// <summary>Images that occur twice, in this set.</summary>
    public IReadOnlyList<DuplicateImages> Duplicates => Pairs(_names.Count, 0);

    /// <summary>Reads and decodes every image.</summary>
    /// <param name="spec">The images, as <see cref="ImageSource.Open"/> takes them.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <exception cref="InputException">There are no images at all.</exception>
    public static DatasetCheck Run(string spec, Action<int>? progress = null)
    {
        DatasetCheck check = new();
        if (ImageSourceSpec.Listing(spec) is { } listing)
        {
            for (int i = 0; i < listing.Files.Length; i++, progress?.Invoke(i))
            {
                check.Add(listing.Files[i], listing.Classes[listing.Labels[i]], () => ImageDecoders.Load(listing.PathOf(i)));
            }
        }
        else
        {
            ImageSource source = ImageSource.Open(spec);
            for (int i = 0; i < source.Count; i++, progress?.Invoke(i))
            {
                check.Add(source.Name(i), source.ClassNames[source.Label(i)], () => source.Read(i));
            }
        }

        return check;
    }

    /// <summary>Images of this set that occur in another one too, such as the one that is to be tested on.</summary>
    public IReadOnlyList<DuplicateImages> Overlap(DatasetCheck other)
    {
        ArgumentNullException.ThrowIfNull(other);
        DatasetCheck both = new();
        foreach (DatasetCheck part in (DatasetCheck[])[this, other])
        {
            both._names.AddRange(part._names);
            both._identities.AddRange(part._identities);
            both._digests.AddRange(part._digests);
            both._hashes.AddRange(part._hashes);
        }

        return both.Pairs(Count, Count);
    }

    /// <summary>Pairs whose first image lies before one number and the second from another on.</summary>
    private DuplicateImages[] Pairs(int firstBefore, int secondFrom) =>
    [
        .. PerceptualHash.Near(_hashes).Where(p => p.First < firstBefore && p.Second >= secondFrom)
            .OrderBy(p => p.First).ThenBy(p => p.Second)
            .Select(p => new DuplicateImages(_names[p.First], _names[p.Second], _digests[p.First] == _digests[p.Second], _identities[p.First] == _identities[p.Second])),
    ];

    private void Add(string name, string identity, Func<RasterImage> read)
    {
        try
        {
            RasterImage image = read();
            string size = $"{image.Height}×{image.Width} {(image.Channels == 1 ? "grey" : "RGB")}";
            _sizes[size] = _sizes.GetValueOrDefault(size) + 1;
            _names.Add(name);
            _identities.Add(identity);
            _digests.Add(size + Convert.ToHexString(SHA256.HashData(image.Pixels)));
            _hashes.Add(PerceptualHash.Of(image));
        }
        catch (InputException e)
        {
            _broken.Add(e.Message);
        }
    }
}
