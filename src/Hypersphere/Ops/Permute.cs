using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>Images to vectors with all pixels of a channel side by side: the order in which other libraries flatten.</summary>
internal static class Permute
{
    /// <summary>[N, H, W, C] to [N, C·H·W].</summary>
    public static Tensor ChannelsFirst(Tensor x)
    {
        (int images, int pixels, int channels) = (x.Shape[0], x.Shape[1] * x.Shape[2], x.Shape[3]);
        Tensor y = Tensor.Empty(new Shape(images, x.Shape.RowCount));
        Transpose(x.Span, y.Span, images, pixels, channels);
        return Tape.Remember(y, x.NeedsGradient, dy =>
        {
            Tensor dx = Tensor.Empty(x.Shape);
            Transpose(dy.Span, dx.Span, images, channels, pixels);
            Backend.Current.Pass(dx, GradientTarget.Of(x));
        });
    }

    private static void Transpose(ReadOnlySpan<float> from, Span<float> to, int count, int rows, int columns)
    {
        for (int n = 0; n < count; n++)
        {
            ReadOnlySpan<float> source = from.Slice(n * rows * columns, rows * columns);
            Span<float> target = to.Slice(n * rows * columns, rows * columns);
            for (int i = 0; i < source.Length; i++)
            {
                target[(i % columns * rows) + (i / columns)] = source[i];
            }
        }
    }
}
