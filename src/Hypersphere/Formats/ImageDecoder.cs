namespace Hypersphere.Formats;

/// <summary>One image format. Derive and pass to <see cref="ImageDecoders.Register(ImageDecoder)"/> to make folders of it readable.</summary>
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

    /// <summary>Decodes an image that will be brought to a smaller size: a format that can decode to fewer pixels for less work does so.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="height">Rows that it will be brought to.</param>
    /// <param name="width">Columns that it will be brought to.</param>
    /// <returns>The whole picture, at least twice as large as asked for or in its own size.</returns>
    /// <exception cref="InputException">The file is damaged or truncated.</exception>
    public virtual RasterImage DecodeReduced(ReadOnlySpan<byte> file, string name, int height, int width) => Decode(file, name);
}
