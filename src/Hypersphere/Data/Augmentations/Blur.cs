using System.Buffers;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Formats;
using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>A Gaussian blur of random width; the border goes on.</summary>
/// <remarks>σ uniform in (0, sigma]; the bell is cut off at 3σ.</remarks>
/// <param name="sigma">Largest σ, pixels.</param>
/// <param name="probability">Share of the images.</param>
[Component("blur", Summary = "Gaussian blur")]
public sealed class Blur(
    [Range(0.01, 50), Description("largest σ, pixels")] float sigma = 1.5f,
    [Range(0, 1), Description("share of the images")] float probability = 0.1f)
    : Augmentation(probability)
{
    /// <summary>Largest σ, pixels.</summary>
    public float Sigma { get; } = sigma;

    /// <inheritdoc/>
    protected override void Change(ReadOnlySpan<byte> source, Span<byte> target, ImageInfo shape, ref Rng random)
    {
        float width = Sigma * (1 - random.NextSingle());
        int radius = (int)MathF.Ceiling(3 * width);
        Span<float> bell = stackalloc float[radius + 1];
        for (int i = 0; i <= radius; i++)
        {
            bell[i] = MathF.Exp(-i * i / (2 * width * width));
        }

        float sum = bell[0];
        for (int i = 1; i <= radius; i++)
        {
            sum += 2 * bell[i];
        }

        float[] rented = ArrayPool<float>.Shared.Rent(source.Length);
        Span<float> across = rented.AsSpan(0, source.Length);
        (int channels, int row) = (shape.Channels, shape.Width * shape.Channels);
        for (int i = 0; i < source.Length; i++)
        {
            int start = i / row * row, column = (i - start) / channels, channel = (i - start) % channels;
            float value = bell[0] * source[i];
            for (int k = 1; k <= radius; k++)
            {
                int left = Math.Max(column - k, 0), right = Math.Min(column + k, shape.Width - 1);
                value += bell[k] * (source[start + (left * channels) + channel] + source[start + (right * channels) + channel]);
            }

            across[i] = value / sum;
        }

        for (int i = 0; i < source.Length; i++)
        {
            int line = i / row, column = i % row;
            float value = bell[0] * across[i];
            for (int k = 1; k <= radius; k++)
            {
                value += bell[k] * (across[(Math.Max(line - k, 0) * row) + column] + across[(Math.Min(line + k, shape.Height - 1) * row) + column]);
            }

            target[i] = (byte)Math.Clamp((value / sum) + 0.5f, 0, 255);
        }

        ArrayPool<float>.Shared.Return(rented);
    }
}
