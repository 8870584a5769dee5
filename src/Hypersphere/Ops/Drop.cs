using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>Inverted dropout.</summary>
internal static class Drop
{
    /// <summary>x / keep where a hash of (key, position) falls under keep, 0 elsewhere; the first number's position is given.</summary>
    public static Tensor Forward(Tensor x, float keep, ulong key, long first = 0)
    {
        Tensor y = Tensor.Empty(x.Shape);
        Backend.Current.Drop(x, keep, key, first, y);
        return Tape.Remember(y, x.NeedsGradient, dy => Backend.Current.DropBackward(dy, keep, key, first, GradientTarget.Of(x)));
    }
}
