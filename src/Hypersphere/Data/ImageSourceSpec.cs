using System.Globalization;

namespace Hypersphere.Data;

/// <summary>Turns what a person typed behind <c>--data</c> into a source.</summary>
internal static class ImageSourceSpec
{
    private const string Idx = "idx:", Synthetic = "synthetic";

    public static ImageSource Open(string spec, ImageSourceOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(spec);
        bool encoded = false;
        ImageSource source;
        if (spec.StartsWith(Idx, StringComparison.Ordinal))
        {
            source = OpenIdx(spec[Idx.Length..], options);
        }
        else if (spec.Equals(Synthetic, StringComparison.Ordinal) || spec.StartsWith(Synthetic + ":", StringComparison.Ordinal))
        {
            source = OpenSynthetic(spec, options);
        }
        else if (spec.StartsWith(SyntheticPeople.Word, StringComparison.Ordinal))
        {
            string[] parts = spec.Split('#', 2);
            source = new SyntheticIdentities(SyntheticPeople.Parse(parts[0]), parts.Length == 2 ? ParsePart(parts[1]) : options.Part);
        }
        else if (spec.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            source = NpzImages.Load(spec, options);
        }
        else if (spec.EndsWith(".rec", StringComparison.OrdinalIgnoreCase))
        {
            (encoded, source) = (true, new RecordImages(spec, options));
        }
        else if (spec.EndsWith(".bin", StringComparison.OrdinalIgnoreCase))
        {
            (encoded, source) = (true, new PairBinImages(spec, options));
        }
        else
        {
            (encoded, source) = (true, new FolderImages(Listing(spec, options.Loose) ?? throw NotFound(spec), options));
        }

        return encoded || Fits(source, options) ? source : throw new InputException(
            $"{spec}: the images are {source.DescribeShape()}; only the images of a folder can be brought to another size or channels");
    }

    /// <summary>The files of a folder or a list; null for other sets.</summary>
    /// <exception cref="InputException">It cannot be read, or holds no images.</exception>
    public static FolderListing? Listing(string spec, bool loose = false) =>
        File.Exists(spec) && Path.GetExtension(spec).ToLowerInvariant() is ".txt" or ".tsv" or ".csv" or ".lst" ? ImageList.Read(spec)
        : Directory.Exists(spec) ? FolderListing.Read(spec, loose)
        : null;

    private static bool Fits(ImageSource source, ImageSourceOptions options) =>
        (options.Size ?? (source.Height, source.Width)) == (source.Height, source.Width)
            && (options.Channels ?? source.Channels) == source.Channels;

    private static InputException NotFound(string spec) => new(File.Exists(spec)
        ? $"{spec}: is a file; give a folder with one sub-folder per identity, a list (.txt, .tsv, .csv), .rec, .bin or .npz file, or idx:DIR"
        : $"{spec}: no such folder; give a folder with one sub-folder per identity, an .npz file, or idx:DIR");

    private static MemoryImages OpenIdx(string folder, ImageSourceOptions options)
    {
        int hash = folder.LastIndexOf('#');
        return hash < 0
            ? IdxImages.Load(folder, options.Part, options.Classes)
            : IdxImages.Load(folder[..hash], ParsePart(folder[(hash + 1)..]), options.Classes);
    }

    private static DataPart ParsePart(string word) => word switch
    {
        "train" => DataPart.Train,
        "test" => DataPart.Test,
        _ => throw new InputException($"idx:DIR#{word}: the part is train or test"),
    };

    private static SyntheticImages OpenSynthetic(string spec, ImageSourceOptions options)
    {
        string[] parts = spec.Split('#', 2);
        DataPart part = parts.Length == 2 ? ParsePart(parts[1]) : options.Part;
        (int classes, int images, int size, int channels, int seed) = (10, 1000, 28, 1, 0);
        foreach (string pair in parts[0][Synthetic.Length..].TrimStart(':').Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = pair.Split('=');
            if (sides.Length != 2 || !int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            {
                throw Unknown(spec, pair);
            }

            switch (sides[0])
            {
                case "classes" when value is >= 1 and <= 100_000: classes = value; break;
                case "images" when value is >= 1 and <= 100_000_000: images = value; break;
                case "size" when value is >= 1 and <= 4096: size = value; break;
                case "channels" when value is 1 or 3: channels = value; break;
                case "seed": seed = value; break;
                default: throw Unknown(spec, pair);
            }
        }

        return new SyntheticImages(classes, images, size, channels, (ulong)seed, part);
    }

    private static InputException Unknown(string spec, string pair) => new(
        $"{spec}: \"{pair}\" is not understood; write as in synthetic:classes=10,images=1000,size=28,channels=1,seed=0");
}
