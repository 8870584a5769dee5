using System.Globalization;
using Hypersphere.Formats;

namespace Hypersphere.Data;

/// <summary>A set of identities in a RecordIO file, as insightface publishes them (train.rec with train.idx).</summary>
/// <remarks>If record 0 holds two labels and no image, they say where the records of the identities begin and end, and the images lie before
/// them; else every record is an image. The first label of an image is its identity.</remarks>
public sealed class RecordImages : EncodedImages
{
    private readonly RecordFile _file;
    private readonly int[] _records;
    private readonly int[] _labels;

    /// <summary>Opens a set; the header of every record is read, no image is decoded.</summary>
    /// <param name="path">The .rec file.</param>
    /// <param name="options">Size, channels and cache; null for the defaults.</param>
    /// <exception cref="InputException">The file is damaged, or an identity is no number.</exception>
    public RecordImages(string path, ImageSourceOptions? options = null)
        : this(Contents.Read(path), options ?? new())
    {
    }

    private RecordImages(Contents contents, ImageSourceOptions options)
        : base(contents.File.Path, contents.Records.Length, Shape(contents, options), contents.ClassNames, options) =>
        (_file, _records, _labels) = (contents.File, contents.Records, contents.Labels);

    /// <inheritdoc/>
    public override int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public override string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"{ClassNames[_labels[index]]}/{_records[index]}");

    /// <inheritdoc/>
    internal override string Place(int index) => string.Create(CultureInfo.InvariantCulture, $"{Origin}, record {_records[index]}");

    /// <inheritdoc/>
    private protected override ReadOnlyMemory<byte> File(int index) => _file.Read(_records[index]).Payload;

    private static ImageInfo Shape(Contents contents, ImageSourceOptions options)
    {
        ImageInfo first = ImageDecoders.Identify(contents.File.Read(contents.Records[0]).Payload.Span, $"{contents.File.Path}, record {contents.Records[0]}");
        (int height, int width) = options.Size ?? (first.Height, first.Width);
        return new ImageInfo(height, width, options.Channels ?? first.Channels);
    }

    private sealed record Contents(RecordFile File, int[] Records, int[] Labels, string[] ClassNames)
    {
        public static Contents Read(string path)
        {
            RecordFile file = RecordFile.Open(path);
            Record first = file.Read(0);
            bool headed = first.Labels.Count >= 2 && first.Payload.IsEmpty;
            int end = headed ? (int)Math.Clamp(first.Labels[0], 0, file.Count) : file.Count;
            int[] records = [.. Enumerable.Range(headed ? 1 : 0, Math.Max(0, end - (headed ? 1 : 0)))];
            if (records.Length == 0)
            {
                throw new InputException($"{path}: holds no images");
            }

            float[] given = [.. records.Select(r => file.Read(r).Labels[0])];
            int bad = Array.FindIndex(given, l => !(l >= 0) || l != MathF.Floor(l) || l > 1 << 24);
            if (bad >= 0)
            {
                throw new InputException($"{path}, record {records[bad]}: its label is {given[bad]}; identities are whole numbers from 0 to {1 << 24}");
            }

            float[] classes = [.. given.Distinct().Order()];
            return new Contents(
                file, records, [.. given.Select(l => Array.BinarySearch(classes, l))], [.. classes.Select(c => c.ToString("0", CultureInfo.InvariantCulture))]);
        }
    }
}
