using System.Globalization;
using System.Runtime.CompilerServices;
using Hypersphere.Formats;

namespace Hypersphere.Data;

/// <summary>A verification set as insightface publishes it (lfw.bin, cfp_fp.bin, agedb_30.bin): a Python pickle of encoded images and of truth
/// values, images 2i and 2i + 1 being a pair.</summary>
/// <remarks>The pickle is read by a parser that can run nothing. The two images of a genuine pair have one label, all others labels of their
/// own.</remarks>
public sealed class PairBinImages : EncodedImages
{
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _files;
    private readonly int[] _labels;

    /// <summary>Reads a set.</summary>
    /// <param name="path">The .bin file.</param>
    /// <param name="options">Size, channels and cache; null for the defaults.</param>
    /// <exception cref="InputException">The file is damaged, is no such set, or its pickle asks for something else.</exception>
    public PairBinImages(string path, ImageSourceOptions? options = null)
        : this(path, Read(path), options ?? new())
    {
    }

    private PairBinImages(string path, (List<ReadOnlyMemory<byte>> Files, bool[] Same) set, ImageSourceOptions options)
        : base(path, set.Files.Count, Shape(path, set.Files[0], options), Names(set.Same), options)
    {
        (_files, Same) = (set.Files, set.Same);
        _labels = new int[Count];
        for (int i = 0, next = 0; i < set.Same.Length; i++)
        {
            _labels[2 * i] = next++;
            _labels[(2 * i) + 1] = set.Same[i] ? _labels[2 * i] : next++;
        }
    }

    /// <summary>[P] whether images 2i and 2i + 1 show the same identity.</summary>
    public IReadOnlyList<bool> Same { get; }

    /// <summary>Writes a set in this form (pickle protocol 4), atomically.</summary>
    /// <param name="path">The .bin file.</param>
    /// <param name="files">[2P] encoded images.</param>
    /// <param name="same">[P] whether images 2i and 2i + 1 show the same identity.</param>
    /// <exception cref="InputException">The file cannot be written, or there are not two images a pair.</exception>
    public static void Write(string path, IReadOnlyList<ReadOnlyMemory<byte>> files, IReadOnlyList<bool> same)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(same);
        if (files.Count != 2 * same.Count)
        {
            throw new InputException($"{path}: {files.Count} images for {same.Count} pairs; give two images a pair");
        }

        AtomicFile.Write(path, stream =>
        {
            stream.Write([0x80, 4, (byte)']', (byte)'(']);
            Span<byte> head = stackalloc byte[5];
            foreach (ReadOnlyMemory<byte> file in files)
            {
                head[0] = (byte)'B';
                System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(head[1..], file.Length);
                stream.Write(head);
                stream.Write(file.Span);
            }

            stream.Write([(byte)'e', (byte)']', (byte)'(', .. same.Select(s => (byte)(s ? 0x88 : 0x89)), (byte)'e', 0x86, (byte)'.']);
        });
    }

    /// <inheritdoc/>
    public override int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public override string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"pair{index / 2}/{index % 2}");

    /// <inheritdoc/>
    internal override string Place(int index) => string.Create(CultureInfo.InvariantCulture, $"{Origin}, image {index}");

    /// <inheritdoc/>
    private protected override ReadOnlyMemory<byte> File(int index) => _files[index];

    private static (List<ReadOnlyMemory<byte>> Files, bool[] Same) Read(string path)
    {
        byte[] buffer = [];
        int length = InputFile.ReadAll(path, ref buffer);
        return Parse(buffer.AsMemory(0, length), path);
    }

    internal static (List<ReadOnlyMemory<byte>> Files, bool[] Same) Parse(ReadOnlyMemory<byte> bytes, string path)
    {
        if (PickleReader.Read(bytes, path) is not List<object?> { Count: 2 } both || both[0] is not List<object?> images || both[1] is not List<object?> same)
        {
            throw new InputException($"{path}: is no verification set; it needs a pair of lists, images and truth values");
        }

        if (images.Count != 2L * same.Count || same.Count == 0)
        {
            throw new InputException($"{path}: holds {images.Count} images for {same.Count} pairs; a verification set has two images a pair");
        }

        int wrong = images.FindIndex(i => i is not ReadOnlyMemory<byte>), odd = same.FindIndex(s => s is not (bool or 0L or 1L));
        return wrong >= 0 ? throw new InputException($"{path}: image {wrong} is no byte string; the file is damaged")
            : odd >= 0 ? throw new InputException($"{path}: the truth value of pair {odd} is none; the file is damaged")
            : ([.. images.Select(i => Unsafe.Unbox<ReadOnlyMemory<byte>>(i!))], [.. same.Select(s => s is true or 1L)]);
    }

    private static string[] Names(bool[] same)
    {
        List<string> names = [];
        for (int i = 0; i < same.Length; i++)
        {
            names.AddRange(same[i] ? [$"pair{i}"] : [$"pair{i}a", $"pair{i}b"]);
        }

        return [.. names];
    }

    private static ImageInfo Shape(string path, ReadOnlyMemory<byte> first, ImageSourceOptions options)
    {
        ImageInfo info = ImageDecoders.Identify(first.Span, $"{path}, image 0");
        (int height, int width) = options.Size ?? (info.Height, info.Width);
        return new ImageInfo(height, width, options.Channels ?? info.Channels);
    }
}
