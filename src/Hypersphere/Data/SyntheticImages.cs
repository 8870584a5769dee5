using System.Globalization;

namespace Hypersphere.Data;

/// <summary>Images made by a formula, to try everything without a download: a class is a grating and a blob, an image shifts both and
/// adds noise.</summary>
/// <remarks>Deterministic: an image depends on the seed, the part and its index. Image i is of class i mod classes.</remarks>
public sealed class SyntheticImages : ImageSource
{
    private readonly Rng _rng;
    private readonly DataPart _part;
    private readonly (double FrequencyX, double FrequencyY, double BlobX, double BlobY)[] _classes;

    /// <summary>Sets the number and size; nothing is drawn yet.</summary>
    /// <param name="classes">How many classes, at least 1.</param>
    /// <param name="images">How many images, at least 1.</param>
    /// <param name="size">Rows and columns.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="seed">Any number; gives other classes and images.</param>
    /// <param name="part">Training and test images are different images of the same classes.</param>
    public SyntheticImages(int classes, int images, int size = 28, int channels = 1, ulong seed = 0, DataPart part = DataPart.Train)
        : base("synthetic", images, new(size, size, channels), Names(classes))
    {
        (_rng, _part) = (new Rng(seed), part);
        _classes = new (double, double, double, double)[classes];
        for (int c = 0; c < classes; c++)
        {
            Rng rng = _rng.Fork("synthetic-class", c);
            double angle = Math.PI * rng.NextDouble(), frequency = Math.Tau * (1.5 + (3 * rng.NextDouble()));
            _classes[c] = (frequency * Math.Cos(angle), frequency * Math.Sin(angle), 0.2 + (0.6 * rng.NextDouble()),
                0.2 + (0.6 * rng.NextDouble()));
        }
    }

    /// <inheritdoc/>
    public override int Label(int index) => index % _classes.Length;

    /// <inheritdoc/>
    public override string Name(int index) => string.Create(CultureInfo.InvariantCulture,
        $"{(_part == DataPart.Train ? "train" : "test")}/{index:D5}");

    /// <inheritdoc/>
    protected override void Fill(int index, Span<byte> pixels)
    {
        Rng rng = _rng.Fork(_part == DataPart.Train ? "synthetic-train" : "synthetic-test", index);
        (double frequencyX, double frequencyY, double blobX, double blobY) = _classes[Label(index)];
        double phase = 0.6 * rng.NextGaussian(), contrast = 60 + (40 * rng.NextDouble());
        blobX += 0.04 * rng.NextGaussian();
        blobY += 0.04 * rng.NextGaussian();
        for (int i = 0; i < pixels.Length; i += Channels)
        {
            double x = (i / Channels % Width) / (double)Width, y = (i / Channels / Width) / (double)Height;
            double distance = ((x - blobX) * (x - blobX)) + ((y - blobY) * (y - blobY));
            double blob = 110 * Math.Exp(-distance / 0.015);
            double grating = contrast * Math.Sin((frequencyX * x) + (frequencyY * y) + phase);
            for (int c = 0; c < Channels; c++)
            {
                double noise = 60 * (rng.NextSingle() - 0.5);
                pixels[i + c] = (byte)Math.Clamp(Math.Floor(100 + (c == 1 ? -grating : grating) + (c == 2 ? -blob : blob) + noise), 0, 255);
            }
        }
    }

    private static string[] Names(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        return [.. Enumerable.Range(0, classes).Select(c => string.Create(CultureInfo.InvariantCulture, $"pattern {c:D2}"))];
    }
}
