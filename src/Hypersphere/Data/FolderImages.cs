using Hypersphere.Formats;

namespace Hypersphere.Data;

/// <summary>A folder with one sub-folder per identity. A sub-folder without images of its own may hold identities in turn
/// ("Greek/character05").</summary>
/// <remarks>Classes and images are in ordinal order of their names, so the numbers are the same on every machine. Opening reads the
/// header of every file; pixels are decoded when first asked for and then kept, up to
/// <see cref="ImageSourceOptions.CacheBytes"/>.</remarks>
public sealed class FolderImages : EncodedImages
{
    private readonly FolderListing _listing;

    /// <summary>Lists a folder and checks that the images fit each other.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="options">Size, channels and cache; null for the defaults.</param>
    /// <exception cref="InputException">No images, an unreadable format or file, or images of different sizes.</exception>
    public FolderImages(string path, ImageSourceOptions? options = null)
        : this(FolderListing.Read(path), options ?? new())
    {
    }

    internal FolderImages(FolderListing listing, ImageSourceOptions options)
        : base(listing.Root, listing.Files.Length, listing.CommonShape(options), listing.Classes, options) => _listing = listing;

    /// <inheritdoc/>
    public override int Label(int index) => _listing.Labels[index];

    /// <inheritdoc/>
    public override string Name(int index) => _listing.Files[index];

    /// <inheritdoc/>
    internal override string Place(int index) => _listing.PathOf(index);

    /// <inheritdoc/>
    private protected override ReadOnlyMemory<byte> File(int index)
    {
        byte[] buffer = [];
        int length = InputFile.ReadAll(_listing.PathOf(index), ref buffer);
        return buffer.AsMemory(0, length);
    }
}
