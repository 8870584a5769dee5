namespace Hypersphere.Data;

/// <summary>Labelled images of one size: what training and evaluation read. Safe to read from several threads.</summary>
/// <remarks>Pixels are bytes [H,W,C]. Labels are 0 … classes−1 and index <see cref="ClassNames"/>.</remarks>
public abstract class ImageSource
{
    /// <summary>Sets what is known of all images.</summary>
    /// <param name="origin">Where the images come from, for messages: a path or a spec.</param>
    /// <param name="count">How many images, at least 1.</param>
    /// <param name="shape">Size of every image.</param>
    /// <param name="classNames">Name of every class.</param>
    protected ImageSource(string origin, int count, Formats.ImageInfo shape, IReadOnlyList<string> classNames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (Origin, Count, Height, Width, Channels, ClassNames) = (origin, count, shape.Height, shape.Width, shape.Channels, classNames);
    }

    /// <summary>Where the images come from.</summary>
    public string Origin { get; }

    /// <summary>How many images.</summary>
    public int Count { get; }

    /// <summary>Rows of every image.</summary>
    public int Height { get; }

    /// <summary>Columns of every image.</summary>
    public int Width { get; }

    /// <summary>1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>Name of every class, by label.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Bytes of an image: H·W·C.</summary>
    public int ImageBytes => Height * Width * Channels;

    /// <summary>Opens a data set.</summary>
    /// <param name="spec"><list type="bullet">
    /// <item><c>idx:DIR</c>, <c>idx:DIR#train</c> or <c>idx:DIR#test</c>: the four files of MNIST and its relatives, gzipped or not;</item>
    /// <item><c>FILE.npz</c>: arrays <c>images</c> (uint8 [N,H,W] or [N,H,W,C]) and <c>labels</c> (integers [N]), perhaps
    /// <c>class_names</c>;</item>
    /// <item><c>DIR</c>: one folder per identity;</item>
    /// <item><c>synthetic:classes=10,images=1000,size=28,channels=1,seed=0</c>, every part optional: see
    /// <see cref="SyntheticImages"/>;</item>
    /// <item><c>synthetic-identities:classes=1000000,dimension=512,spread=0.5,label-noise=0,conflict=0,seed=0</c>, every part optional: see
    /// <see cref="SyntheticIdentities"/>.</item></list></param>
    /// <param name="options">Size, channels, part, cache; null for the defaults.</param>
    /// <exception cref="InputException">Nothing there, or nothing that can be read.</exception>
    public static ImageSource Open(string spec, ImageSourceOptions? options = null) => ImageSourceSpec.Open(spec, options ?? new());

    /// <summary>The class of an image.</summary>
    /// <param name="index">0 … Count−1.</param>
    public abstract int Label(int index);

    /// <summary>A name that tells the image from the others, such as "s01/03.pgm".</summary>
    /// <param name="index">0 … Count−1.</param>
    public abstract string Name(int index);

    /// <summary>Reads an image.</summary>
    /// <param name="index">0 … Count−1.</param>
    /// <param name="pixels">Receives [H,W,C] bytes; may be longer.</param>
    /// <exception cref="InputException">The image cannot be read.</exception>
    public void Read(int index, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels.Length, ImageBytes, nameof(pixels));
        Fill(index, pixels[..ImageBytes]);
    }

    /// <summary>Reads an image that may be kept.</summary>
    /// <param name="index">0 … Count−1.</param>
    /// <exception cref="InputException">The image cannot be read.</exception>
    public Formats.RasterImage Read(int index)
    {
        byte[] pixels = new byte[ImageBytes];
        Read(index, pixels);
        return new Formats.RasterImage(Height, Width, Channels, pixels);
    }

    /// <summary>Size and kind of the images, such as "28×28 grey".</summary>
    public string DescribeShape() => $"{Height}×{Width} {(Channels == 1 ? "grey" : "RGB")}";

    /// <summary>Some of the images, with the same classes.</summary>
    /// <param name="indices">Which, in which order; at least one.</param>
    public ImageSource Subset(params ReadOnlySpan<int> indices) => new SubsetImages(this, indices.ToArray());

    /// <summary>Every image four times, upright and turned by 90°, 180° and 270° (anticlockwise), each turn of a class being a class of its own: for
    /// characters and symbols, of which it makes four times as many (Santoro et al., ICML 2016).</summary>
    /// <exception cref="InputException">The images are not square.</exception>
    public ImageSource WithTurns() => new TurnedImages(this);

    /// <summary>Reads an image, checked by the caller.</summary>
    /// <param name="index">0 … Count−1.</param>
    /// <param name="pixels">Exactly <see cref="ImageBytes"/> long.</param>
    protected abstract void Fill(int index, Span<byte> pixels);
}
