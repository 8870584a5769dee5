using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Formats;
using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>Turns an image about its centre, makes it larger or smaller, and moves it; linear between pixels, the border goes on.</summary>
/// <remarks>Angle uniform in ±rotation, size factor uniform in 1 ± scale, both shifts uniform in ±shift · side: what a face detector leaves
/// uncertain.</remarks>
/// <param name="rotation">Largest angle, degrees.</param>
/// <param name="scale">Largest change of size, as a share.</param>
/// <param name="shift">Largest shift, as a share of the side.</param>
/// <param name="probability">Share of the images.</param>
[Component("affine", Summary = "turns, scales and shifts a little")]
public sealed class Affine(
    [Range(0, 180), Description("largest angle, degrees")] float rotation = 10f,
    [Range(0, 0.9), Description("largest change of size, as a share")] float scale = 0.1f,
    [Range(0, 1), Description("largest shift, as a share of the side")] float shift = 0.04f,
    [Range(0, 1), Description("share of the images")] float probability = 1f)
    : Augmentation(probability)
{
    private const int Bits = 11, One = 1 << Bits;

    /// <summary>Largest angle, degrees.</summary>
    public float Rotation { get; } = rotation;

    /// <summary>Largest change of size, as a share.</summary>
    public float Scale { get; } = scale;

    /// <summary>Largest shift, as a share of the side.</summary>
    public float Shift { get; } = shift;

    /// <inheritdoc/>
    protected override void Change(ReadOnlySpan<byte> source, Span<byte> target, ImageInfo shape, ref Rng random)
    {
        double angle = random.Uniform(-Rotation, Rotation) * Math.PI / 180, size = random.Uniform(1 - Scale, 1 + Scale);
        double cosine = Math.Cos(angle) / size, sine = Math.Sin(angle) / size;
        double centreX = (shape.Width - 1) / 2.0, centreY = (shape.Height - 1) / 2.0;
        double fromX = centreX + (random.Uniform(-Shift, Shift) * shape.Width), fromY = centreY + (random.Uniform(-Shift, Shift) * shape.Height);
        int stepX = (int)Math.Round(cosine * One), stepY = (int)Math.Round(sine * One);
        for (int y = 0; y < shape.Height; y++)
        {
            double down = y - centreY;
            int x0 = (int)Math.Round((fromX - (centreX * cosine) - (down * sine)) * One);
            int y0 = (int)Math.Round((fromY - (centreX * sine) + (down * cosine)) * One);
            Sample(source, target.Slice(y * shape.Width * shape.Channels), shape, (x0, stepX), (y0, stepY));
        }
    }

    /// <summary>Fills a row of the target with what lies along a line of the source; positions are in 1/2048 of a pixel.</summary>
    private static void Sample(ReadOnlySpan<byte> source, Span<byte> row, ImageInfo shape, (int At, int Step) x, (int At, int Step) y)
    {
        (int channels, int pitch, int right, int bottom) = (shape.Channels, shape.Width * shape.Channels, shape.Width - 1, shape.Height - 1);
        int px = x.At, py = y.At, written = 0;
        for (int i = 0; i <= right; i++, px += x.Step, py += y.Step)
        {
            int left = Math.Clamp(px >> Bits, 0, right), top = Math.Clamp(py >> Bits, 0, bottom);
            int fx = px < 0 || px >> Bits >= right ? 0 : px & (One - 1), fy = py < 0 || py >> Bits >= bottom ? 0 : py & (One - 1);
            int a = (top * pitch) + (left * channels), b = a + (fx > 0 ? channels : 0), below = fy > 0 ? pitch : 0;
            for (int c = 0; c < channels; c++)
            {
                int upper = (source[a + c] * (One - fx)) + (source[b + c] * fx), lower = (source[a + below + c] * (One - fx)) + (source[b + below + c] * fx);
                row[written++] = (byte)(((upper * (long)(One - fy)) + (lower * (long)fy) + (1L << ((2 * Bits) - 1))) >> (2 * Bits));
            }
        }
    }
}
