using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>Rectifying activations.</summary>
internal static class Rectify
{
    /// <summary>max(x, 0), gradient 0 at 0.</summary>
    public static Tensor Relu(Tensor x)
    {
        Tensor y = Tensor.Empty(x.Shape);
        Backend.Current.Relu(x, y);
        return Tape.Remember(y, x.NeedsGradient, dy => Backend.Current.ReluBackward(y, dy, GradientTarget.Of(x)));
    }

    /// <summary>x where positive, slope · x elsewhere; one slope, or one for each element of the last axis.</summary>
    public static Tensor PRelu(Tensor x, Tensor slope)
    {
        Tensor y = Tensor.Empty(x.Shape);
        Backend.Current.PRelu(x, slope, y);
        return Tape.Remember(
            y,
            x.NeedsGradient || slope.NeedsGradient,
            dy => Backend.Current.PReluBackward(x, dy, slope, GradientTarget.Of(x), GradientTarget.Of(slope)));
    }
}
