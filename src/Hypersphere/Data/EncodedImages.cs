using Hypersphere.Formats;

namespace Hypersphere.Data;

/// <summary>Images that lie as encoded files somewhere: decoded when first asked for, then kept up to
/// <see cref="ImageSourceOptions.CacheBytes"/>.</summary>
public abstract class EncodedImages : ImageSource
{
    private readonly ImageSourceOptions _options;
    private readonly byte[]?[] _cache;
    private long _cacheLeft;

    private protected EncodedImages(string origin, int count, ImageInfo shape, IReadOnlyList<string> classNames, ImageSourceOptions options)
        : base(origin, count, shape, classNames)
    {
        (_options, _cacheLeft) = (options, options.CacheBytes);
        _cache = new byte[]?[Count];
    }

    /// <summary>The file of an image as it is stored, such as a whole JPEG file.</summary>
    /// <param name="index">0 … Count−1.</param>
    /// <exception cref="InputException">It cannot be read.</exception>
    public ReadOnlyMemory<byte> Encoded(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return File(index);
    }

    /// <summary>Where an image lies, for messages.</summary>
    internal abstract string Place(int index);

    /// <summary>Its bytes; the memory may be kept.</summary>
    private protected abstract ReadOnlyMemory<byte> File(int index);

    /// <inheritdoc/>
    protected override void Fill(int index, Span<byte> pixels) => (Volatile.Read(ref _cache[index]) ?? Decode(index)).CopyTo(pixels);

    private byte[] Decode(int index)
    {
        string place = Place(index);
        ReadOnlySpan<byte> file = File(index).Span;
        RasterImage image = _options.Size is { } size
            ? ImageResizer.Resize(
                ImageDecoders.DecodeReduced(file, place, size.Height, size.Width).WithChannels(Channels), size.Height, size.Width, _options.Resampling)
            : ImageDecoders.Decode(file, place).WithChannels(Channels);

        if (image.Height != Height || image.Width != Width)
        {
            throw new InputException($"{place}: is {image.Height}×{image.Width}, but the first image of {Origin} is {Height}×{Width}; give one size for all (--size HxW)");
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
