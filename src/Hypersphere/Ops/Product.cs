using Hypersphere.Backends;
using Hypersphere.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypersphere.Ops;

/// <summary>The product of two tensors of one shape, or of images and a factor for each of their channels.</summary>
internal static class Product
{
    /// <summary>y = a ⊙ b; b may be [N, 1, 1, C] to a's [N, H, W, C].</summary>
    public static Tensor Forward(Tensor a, Tensor b)
    {
        bool perChannel = a.Shape != b.Shape && a.Shape.Rank == 4 && b.Shape == new Shape(a.Shape[0], 1, 1, a.Shape[3]);
        if (a.Shape != b.Shape && !perChannel)
        {
            Throw.Shape("Product", "the second factor", $"{a.Shape}, or one number a channel", b.Shape.ToString());
        }

        int pixels = perChannel ? a.Shape[1] * a.Shape[2] : 1, run = perChannel ? a.Shape[3] : a.Count;
        Tensor y = Tensor.Empty(a.Shape);
        for (int r = 0; r < a.Count / run; r++)
        {
            TensorPrimitives.Multiply(a.Span.Slice(r * run, run), b.Span.Slice(r / pixels * run, run), y.Span.Slice(r * run, run));
        }

        return Tape.Remember(y, a.NeedsGradient || b.NeedsGradient, dy =>
        {
            Backward(dy, b, GradientTarget.Of(a), pixels, run, spread: true, a.Shape);
            Backward(dy, a, GradientTarget.Of(b), pixels, run, spread: false, b.Shape);
        });
    }

    /// <summary>The gradient of one factor: dy times the other, summed over the pixels that share a number.</summary>
    private static void Backward(Tensor dy, Tensor other, in GradientTarget target, int pixels, int run, bool spread, Shape shape)
    {
        if (!target.Wanted)
        {
            return;
        }

        Tensor gradient = Tensor.Zeros(shape);
        for (int r = 0; r < dy.Count / run; r++)
        {
            Span<float> to = gradient.Span.Slice((spread ? r : r / pixels) * run, run);
            TensorPrimitives.MultiplyAdd(dy.Span.Slice(r * run, run), other.Span.Slice((spread ? r / pixels : r) * run, run), to, to);
        }

        Backend.Current.Pass(gradient, target);
    }
}
