using Hypersphere.Formats;
using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>A random change of training images. What happens to an image depends on the generator it is given alone.</summary>
/// <param name="probability">Share of the images that are changed, 0 … 1.</param>
public abstract class Augmentation(float probability)
{
    /// <summary>Share of the images that are changed.</summary>
    public float Probability { get; } = probability;

    /// <summary>Reads a list of changes.</summary>
    /// <param name="text">Such as «flip + crop(padding=4) + jitter(brightness=0.2)», carried out in that order; empty for none.</param>
    /// <exception cref="InputException">One is unknown, or an option is out of range.</exception>
    public static IReadOnlyList<Augmentation> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        IReadOnlyList<string> parts = Spec.Split(text, '+') ?? throw new InputException($"'{text}': its parentheses do not match.");
        return [.. parts.Select(p => Registry<Augmentation>.Create(p))];
    }

    /// <summary>Changes an image, or copies it.</summary>
    /// <param name="source">[H,W,C].</param>
    /// <param name="target">[H,W,C], other memory.</param>
    /// <param name="shape">H, W and C.</param>
    /// <param name="random">Decides.</param>
    public void Apply(ReadOnlySpan<byte> source, Span<byte> target, ImageInfo shape, Rng random)
    {
        if (random.NextSingle() < Probability)
        {
            Change(source, target, shape, ref random);
        }
        else
        {
            source.CopyTo(target);
        }
    }

    /// <summary>The full specification, as checkpoints store it.</summary>
    public override string ToString() => Registry<Augmentation>.SpecOf(this);

    /// <summary>Writes a changed copy of an image.</summary>
    /// <param name="source">[H,W,C].</param>
    /// <param name="target">[H,W,C], other memory; every byte must be written.</param>
    /// <param name="shape">H, W and C.</param>
    /// <param name="random">Decides.</param>
    protected abstract void Change(ReadOnlySpan<byte> source, Span<byte> target, ImageInfo shape, ref Rng random);
}
