using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>The sum of two tensors of one shape, as a residual connection needs it.</summary>
internal static class Add
{
    public static Tensor Forward(Tensor a, Tensor b)
    {
        if (a.Shape != b.Shape)
        {
            Throw.Shape("Add", "the second summand", a.Shape.ToString(), b.Shape.ToString(), "does the shortcut change size as the body does?");
        }

        Tensor y = Tensor.Empty(a.Shape);
        Backend.Current.Add(a, b, y);
        return Tape.Remember(y, a.NeedsGradient || b.NeedsGradient, dy =>
        {
            if (GradientTarget.Of(a) is { Wanted: true } target)
            {
                Backend.Current.Pass(dy, target);
            }

            GradientTarget.Give(dy, b);
        });
    }
}
