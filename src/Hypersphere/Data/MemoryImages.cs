using System.Globalization;

namespace Hypersphere.Data;

/// <summary>Images that lie in one array.</summary>
public sealed class MemoryImages : ImageSource
{
    private readonly byte[] _pixels;
    private readonly int[] _labels;

    /// <summary>Wraps arrays; nothing is copied.</summary>
    /// <param name="origin">Where they come from, for messages and names.</param>
    /// <param name="shape">Size of every image.</param>
    /// <param name="pixels">[N,H,W,C].</param>
    /// <param name="labels">[N], 0 … classes−1.</param>
    /// <param name="classNames">Name of every class.</param>
    /// <exception cref="ArgumentException">The arrays do not fit each other.</exception>
    public MemoryImages(string origin, Formats.ImageInfo shape, byte[] pixels, int[] labels, IReadOnlyList<string> classNames)
        : base(origin, labels?.Length ?? 0, shape, classNames)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        (_pixels, _labels) = (pixels, labels!);
        if (pixels.LongLength != (long)Count * ImageBytes)
        {
            throw new ArgumentException(
                $"MemoryImages: {Count} images {DescribeShape()} need other than {pixels.Length} bytes", nameof(pixels));
        }

        if (_labels.Any(l => (uint)l >= (uint)classNames.Count))
        {
            throw new ArgumentException($"MemoryImages: a label is not in 0 … {classNames.Count - 1}", nameof(labels));
        }
    }

    /// <inheritdoc/>
    public override int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public override string Name(int index) => index.ToString("D5", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    protected override void Fill(int index, Span<byte> pixels) => _pixels.AsSpan(index * pixels.Length, pixels.Length).CopyTo(pixels);
}
