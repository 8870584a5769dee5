using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Formats;
using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>Brightness, contrast and saturation by factors uniform in 1 ± their strength, as torchvision's ColorJitter has them.</summary>
/// <remarks>x ← b·x; x ← c·x + (1 − c)·mean luma of the image; x ← s·x + (1 − s)·luma of the pixel; luma = 0.299 R + 0.587 G + 0.114 B.
/// Grey images have no saturation.</remarks>
/// <param name="brightness">Strength of the change of brightness.</param>
/// <param name="contrast">Strength of the change of contrast.</param>
/// <param name="saturation">Strength of the change of saturation.</param>
/// <param name="probability">Share of the images.</param>
[Component("jitter", Summary = "changes brightness, contrast and saturation")]
public sealed class Jitter(
    [Range(0, 1), Description("strength of the change of brightness")] float brightness = 0.2f,
    [Range(0, 1), Description("strength of the change of contrast")] float contrast = 0.2f,
    [Range(0, 1), Description("strength of the change of saturation")] float saturation = 0.2f,
    [Range(0, 1), Description("share of the images")] float probability = 1f)
    : Augmentation(probability)
{
    /// <summary>Strength of the change of brightness.</summary>
    public float Brightness { get; } = brightness;

    /// <summary>Strength of the change of contrast.</summary>
    public float Contrast { get; } = contrast;

    /// <summary>Strength of the change of saturation.</summary>
    public float Saturation { get; } = saturation;

    /// <inheritdoc/>
    protected override void Change(ReadOnlySpan<byte> source, Span<byte> target, ImageInfo shape, ref Rng random)
    {
        float b = random.Uniform(1 - Brightness, 1 + Brightness), c = random.Uniform(1 - Contrast, 1 + Contrast), s = random.Uniform(1 - Saturation, 1 + Saturation);
        float mean = (float)(b * Luma.Mean(source, shape.Channels));
        Span<float> table = stackalloc float[256];
        for (int x = 0; x < 256; x++)
        {
            table[x] = Math.Clamp((c * Math.Min(b * x, 255)) + ((1 - c) * mean), 0, 255);
        }

        if (shape.Channels == 1)
        {
            for (int i = 0; i < source.Length; i++)
            {
                target[i] = (byte)(table[source[i]] + 0.5f);
            }

            return;
        }

        for (int i = 0; i < source.Length; i += 3)
        {
            float red = table[source[i]], green = table[source[i + 1]], blue = table[source[i + 2]];
            float grey = (1 - s) * ((0.299f * red) + (0.587f * green) + (0.114f * blue));
            target[i] = Whole((s * red) + grey);
            target[i + 1] = Whole((s * green) + grey);
            target[i + 2] = Whole((s * blue) + grey);
        }
    }

    private static byte Whole(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);
}
