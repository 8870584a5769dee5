namespace Hypersphere.Formats;

/// <summary>One image format. Derive and pass to <see cref="ImageDecoders.Register"/> to make folders of it readable.</summary>
public abstract class ImageDecoder
{
    /// <summary>The format's name, such as "PNG".</summary>
    public abstract string Name { get; }

    /// <summary>File name endings, lower case, with the dot.</summary>
    public abstract IReadOnlyList<string> Extensions { get; }

    /// <summary>Whether a file that begins like this is of this format.</summary>
    /// <param name="head">The first bytes, as many as there are, 16 or more in a whole file.</param>
    public abstract bool Matches(ReadOnlySpan<byte> head);

    /// <summary>Reads the dimensions without decoding.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="InputException">The header is damaged or the image too large.</exception>
    public abstract ImageInfo Identify(ReadOnlySpan<byte> file, string name);

    /// <summary>Decodes to 8 bits a sample, grey or RGB.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="InputException">The file is damaged or truncated.</exception>
    public abstract RasterImage Decode(ReadOnlySpan<byte> file, string name);
}
