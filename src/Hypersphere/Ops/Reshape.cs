using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>Another shape over the same numbers: the only view.</summary>
internal static class Reshape
{
    public static Tensor Forward(Tensor x, Shape shape)
    {
        if (shape.Count != x.Count)
        {
            Throw.Shape("Reshape", "the new shape", $"one of {x.Count} numbers, as {x.Shape} is", $"{shape} of {shape.Count}");
        }

        return Tape.Remember(x.View(shape), x.NeedsGradient, dy => Backend.Current.Pass(dy, GradientTarget.Of(x)));
    }
}
