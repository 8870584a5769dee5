using Hypersphere.Formats;

namespace Hypersphere.Data;

/// <summary>A folder with one sub-folder per identity. A sub-folder without images of its own may hold identities in turn
/// ("Greek/character05").</summary>
/// <remarks>Classes and images are in ordinal order of their names, so the numbers are the same on every machine. Opening reads the
/// header of every file; pixels are decoded when first asked for and then kept, up to
/// <see cref="ImageSourceOptions.CacheBytes"/>.</remarks>
public sealed class FolderImages : ImageSource
{
    private readonly FolderListing _listing;
    private readonly ImageSourceOptions _options;
    private readonly byte[]?[] _cache;
    private long _cacheLeft;

    /// <summary>Lists a folder and checks that the images fit each other.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="options">Size, channels and cache; null for the defaults.</param>
    /// <exception cref="InputException">No images, an unreadable format or file, or images of different sizes.</exception>
    public FolderImages(string path, ImageSourceOptions? options = null)
        : this(FolderListing.Read(path), options ?? new())
    {
    }

    private FolderImages(FolderListing listing, ImageSourceOptions options)
        : base(listing.Root, listing.Files.Length, listing.CommonShape(options), listing.Classes)
    {
        (_listing, _options, _cacheLeft) = (listing, options, options.CacheBytes);
        _cache = new byte[]?[Count];
    }

    /// <inheritdoc/>
    public override int Label(int index) => _listing.Labels[index];

    /// <inheritdoc/>
    public override string Name(int index) => _listing.Files[index];

    /// <inheritdoc/>
    protected override void Fill(int index, Span<byte> pixels)
    {
        byte[] image = Volatile.Read(ref _cache[index]) ?? Decode(index);
        image.CopyTo(pixels);
    }

    private byte[] Decode(int index)
    {
        string path = _listing.PathOf(index);
        RasterImage image = ImageDecoders.Load(path).WithChannels(Channels);
        if (_options.Size is { } size)
        {
            image = ImageResizer.Resize(image, size.Height, size.Width, _options.Resampling);
        }

        if (image.Height != Height || image.Width != Width)
        {
            throw new InputException($"{path}: is {image.Height}×{image.Width} now and was {Height}×{Width} when the folder was opened");
        }

        if (Interlocked.Add(ref _cacheLeft, -image.Pixels.Length) >= 0)
        {
            Volatile.Write(ref _cache[index], image.Pixels);
        }
        else
        {
            _ = Interlocked.Add(ref _cacheLeft, image.Pixels.Length);
        }

        return image.Pixels;
    }
}
