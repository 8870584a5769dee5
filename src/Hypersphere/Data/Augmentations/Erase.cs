using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Formats;
using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>Paints a rectangle over the image in a random grey (Zhong et al., AAAI 2020).</summary>
/// <remarks>Its area is uniform in smallest … largest of the image, the logarithm of its aspect uniform in ±log 3.</remarks>
/// <param name="smallest">Smallest share of the image.</param>
/// <param name="largest">Largest share of the image.</param>
/// <param name="probability">Share of the images.</param>
[Component("erase", Summary = "paints a rectangle over", Paper = "Zhong et al., Random Erasing, AAAI 2020")]
public sealed class Erase(
    [Range(0, 1), Description("smallest share of the image")] float smallest = 0.02f,
    [Range(0, 1), Description("largest share of the image")] float largest = 0.2f,
    [Range(0, 1), Description("share of the images")] float probability = 0.3f)
    : Augmentation(probability)
{
    /// <summary>Smallest share of the image.</summary>
    public float Smallest { get; } = smallest;

    /// <summary>Largest share of the image.</summary>
    public float Largest { get; } = largest;

    /// <inheritdoc/>
    protected override void Change(ReadOnlySpan<byte> source, Span<byte> target, ImageInfo shape, ref Rng random)
    {
        source.CopyTo(target);
        float area = random.Uniform(Smallest, Math.Max(Smallest, Largest)) * shape.Height * shape.Width;
        float aspect = MathF.Exp(random.Uniform(-1, 1) * MathF.Log(3));
        int height = Math.Clamp((int)MathF.Round(MathF.Sqrt(area * aspect)), 0, shape.Height);
        int width = Math.Clamp((int)MathF.Round(MathF.Sqrt(area / aspect)), 0, shape.Width);
        int top = random.NextInt(shape.Height - height + 1), left = random.NextInt(shape.Width - width + 1);
        byte grey = (byte)random.NextInt(256);
        for (int y = top; y < top + height; y++)
        {
            target.Slice(((y * shape.Width) + left) * shape.Channels, width * shape.Channels).Fill(grey);
        }
    }
}
