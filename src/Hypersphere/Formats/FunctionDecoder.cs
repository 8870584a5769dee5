namespace Hypersphere.Formats;

/// <summary>A format that one function reads: see <see cref="ImageDecoders.Register(string, string, ReadOnlySpan{byte}, Func{byte[], RasterImage})"/>.</summary>
internal sealed class FunctionDecoder(string name, string[] extensions, byte[] magic, Func<byte[], RasterImage> decode) : ImageDecoder
{
    public override string Name => name;

    public override IReadOnlyList<string> Extensions => extensions;

    public override bool Matches(ReadOnlySpan<byte> head) => head.StartsWith(magic);

    public override ImageInfo Identify(ReadOnlySpan<byte> file, string name)
    {
        RasterImage image = Decode(file, name);
        return new ImageInfo(image.Height, image.Width, image.Channels);
    }

    public override RasterImage Decode(ReadOnlySpan<byte> file, string name)
    {
        try
        {
            return decode(file.ToArray());
        }
        catch (Exception e) when (e is not (InputException or OutOfMemoryException))
        {
            throw new InputException($"{name}: the {Name} data cannot be read: {BoundedReader.FirstLine(e)}", e);
        }
    }
}
