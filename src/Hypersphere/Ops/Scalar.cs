using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>A single number computed from tensors, whose derivatives are written in the same pass.</summary>
/// <remarks>For losses that are functions of a matrix of similarities: the matrix comes from one product, its gradient goes back by
/// two.</remarks>
internal static class Scalar
{
    /// <summary>Reads the inputs, adds the derivatives into tensors of the same shapes (zeros before), returns the value.</summary>
    public delegate double Function(IReadOnlyList<Tensor> gradients);

    /// <param name="inputs">What it depends on.</param>
    /// <param name="function">Value and derivatives.</param>
    public static Tensor Forward(IReadOnlyList<Tensor> inputs, Function function)
    {
        Tensor[] gradients = [.. inputs.Select(i => Tensor.Zeros(i.Shape))];
        Tensor value = Tensor.Empty(Shape.Scalar);
        value.Span[0] = (float)function(gradients);
        return Tape.Remember(
            value,
            inputs.Any(i => i.NeedsGradient),
            dValue =>
            {
                for (int k = 0; k < gradients.Length; k++)
                {
                    if (GradientTarget.Of(inputs[k]) is { Wanted: true } target)
                    {
                        Backend.Current.PassScaled(gradients[k], dValue.Item(), target);
                    }
                }
            },
            gradients);
    }
}
