namespace Hypersphere.Formats;

/// <summary>The image formats that can be read. PNG and PNM are built in, more can be registered.</summary>
public static class ImageDecoders
{
    private static readonly string[] Pictures = [".png", ".pgm", ".ppm", ".pbm", ".pnm", ".jpg", ".jpeg", ".jpe", ".bmp", ".gif", ".webp",
        ".tif", ".tiff", ".jp2", ".avif", ".heic", ".tga"];

    /// <summary>Enough for the header of nearly every image; a photograph's may hold a preview before its size.</summary>
    private const int HeadBytes = 1 << 14;

    private static readonly Lock Gate = new();
    private static ImageDecoder[] _all = [new PngDecoder(), new PnmDecoder()];

    /// <summary>The endings of the file names that can be read, such as ".png".</summary>
    public static IReadOnlyList<string> Extensions => [.. _all.SelectMany(d => d.Extensions)];

    /// <summary>Adds a format; a later one goes before an earlier one. Call it before data are opened.</summary>
    /// <param name="decoder">The format.</param>
    public static void Register(ImageDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        lock (Gate)
        {
            _all = [decoder, .. _all.Where(d => !string.Equals(d.Name, decoder.Name, StringComparison.Ordinal))];
        }
    }

    /// <summary>Adds a format that one function reads; the same function tells the dimensions, by decoding. Derive from
    /// <see cref="ImageDecoder"/> where that is too slow.</summary>
    /// <param name="name">The format's name, such as "BMP".</param>
    /// <param name="extensions">How its files' names end, such as ".bmp", with spaces between several.</param>
    /// <param name="magic">What its files begin with.</param>
    /// <param name="decode">Decodes a whole file; whatever it throws becomes an error that names the file.</param>
    /// <example><code>ImageDecoders.Register("QOI", ".qoi", "qoif"u8, file => MyQoi.Decode(file));</code></example>
    public static void Register(string name, string extensions, ReadOnlySpan<byte> magic, Func<byte[], RasterImage> decode)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(extensions);
        ArgumentNullException.ThrowIfNull(decode);
        Register(new FunctionDecoder(name, extensions.Split(' ', StringSplitOptions.RemoveEmptyEntries), magic.ToArray(), decode));
    }

    /// <summary>Whether a file name ends as a picture's does, readable or not.</summary>
    /// <param name="path">A file name.</param>
    public static bool IsPicture(string path)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        return Pictures.Contains(extension, StringComparer.Ordinal) || Extensions.Contains(extension, StringComparer.Ordinal);
    }

    /// <summary>Reads the dimensions of an image without decoding it.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="InputException">No decoder knows the format, or the header is damaged.</exception>
    public static ImageInfo Identify(ReadOnlySpan<byte> file, string name) => Find(file, name).Identify(file, name);

    /// <summary>Decodes an image of any known format, recognised by its first bytes.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="InputException">No decoder knows the format, or the file is damaged.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> file, string name) => Find(file, name).Decode(file, name);

    /// <summary>Decodes an image that will be brought to a smaller size; see <see cref="ImageDecoder.DecodeReduced"/>.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="height">Rows that it will be brought to.</param>
    /// <param name="width">Columns that it will be brought to.</param>
    /// <exception cref="InputException">No decoder knows the format, or the file is damaged.</exception>
    public static RasterImage DecodeReduced(ReadOnlySpan<byte> file, string name, int height, int width) =>
        Find(file, name).DecodeReduced(file, name, height, width);

    /// <summary>Reads the dimensions of an image file: its first bytes, or all where they do not suffice.</summary>
    /// <param name="path">The file.</param>
    /// <param name="buffer">Reused from file to file; it grows when it has to.</param>
    /// <exception cref="InputException">The file cannot be read, no decoder knows the format, or the header is damaged.</exception>
    internal static ImageInfo IdentifyFile(string path, ref byte[] buffer)
    {
        int length = InputFile.ReadHead(path, HeadBytes, ref buffer);
        if (length == HeadBytes)
        {
            try
            {
                return Identify(buffer.AsSpan(0, length), path);
            }
            catch (InputException)
            {
                length = InputFile.ReadAll(path, ref buffer);
            }
        }

        return Identify(buffer.AsSpan(0, length), path);
    }

    /// <summary>Reads and decodes an image file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file cannot be read, is damaged, or no decoder knows its format.</exception>
    public static RasterImage Load(string path)
    {
        byte[] buffer = [];
        int length = InputFile.ReadAll(path, ref buffer);
        return Decode(buffer.AsSpan(0, length), path);
    }

    private static ImageDecoder Find(ReadOnlySpan<byte> file, string name)
    {
        if (file.IsEmpty)
        {
            throw new InputException($"{name}: the file is empty; get it again or delete it");
        }

        foreach (ImageDecoder decoder in _all)
        {
            if (decoder.Matches(file))
            {
                return decoder;
            }
        }

        string readable = string.Join(", ", _all.Select(d => $"{d.Name} ({string.Join(' ', d.Extensions)})"));
        throw new InputException($"{name}: not an image that can be read; readable are {readable}");
    }
}
