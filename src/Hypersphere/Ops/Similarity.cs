using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>Lengths of rows and products between the rows of two matrices.</summary>
internal static class Similarity
{
    /// <summary>Shorter rows count as zero: their cosines are 0 and no gradient passes.</summary>
    private const float Epsilon = 1e-12f;

    /// <summary>x / ‖x‖, rows of length 1; a zero row stays zero and gets no gradient.</summary>
    public static Tensor Unit(Tensor x)
    {
        (Tensor y, Tensor norms) = (Tensor.Empty(x.Shape), Tensor.Empty(new Shape(x.Shape[0])));
        Backend.Current.NormalizeRows(x, Epsilon, y, norms);
        return Tape.Remember(
            y, x.NeedsGradient, dy => Backend.Current.NormalizeRowsBackward(y, norms, Epsilon, dy, GradientTarget.Of(x)), norms);
    }

    /// <summary>[N], ‖x‖; a zero row gets no gradient.</summary>
    public static Tensor Norms(Tensor x)
    {
        (Tensor unit, Tensor norms) = (Tensor.Empty(x.Shape), Tensor.Empty(new Shape(x.Shape[0])));
        Backend.Current.NormalizeRows(x, Epsilon, unit, norms);
        return Tape.Remember(
            norms,
            x.NeedsGradient,
            dNorms =>
            {
                Tensor dx = Tensor.Empty(x.Shape);
                for (int i = 0, size = x.Shape[1]; i < norms.Count; i++)
                {
                    float factor = norms.Span[i] > Epsilon ? dNorms.Span[i] : 0;
                    for (int k = i * size; k < (i + 1) * size; k++)
                    {
                        dx.Span[k] = unit.Span[k] * factor;
                    }
                }

                Backend.Current.Pass(dx, GradientTarget.Of(x));
            },
            unit);
    }

    /// <summary>[N, M], xᵢ·rⱼ; <paramref name="references"/> may be <paramref name="x"/> itself.</summary>
    public static Tensor Products(Tensor x, Tensor references)
    {
        Tensor y = Tensor.Empty(new Shape(x.Shape[0], references.Shape[0]));
        Backend.Current.MatMul(x, false, references, true, new(y, false));
        return Tape.Remember(y, x.NeedsGradient || references.NeedsGradient, dy =>
        {
            if (GradientTarget.Of(x) is { Wanted: true } dx)
            {
                Backend.Current.MatMul(dy, false, references, false, dx);
            }

            if (GradientTarget.Of(references) is { Wanted: true } dReferences)
            {
                Backend.Current.MatMul(dy, true, x, false, dReferences);
            }
        });
    }

    /// <summary>[N, M] cosines and [N] lengths of x, without gradients.</summary>
    public static (Tensor Cosines, Tensor Norms) Cosines(Tensor x, Tensor references)
    {
        (Tensor unit, Tensor norms) = (Tensor.Empty(x.Shape), Tensor.Empty(new Shape(x.Shape[0])));
        (Tensor other, Tensor lengths) = (Tensor.Empty(references.Shape), Tensor.Empty(new Shape(references.Shape[0])));
        Backend.Current.NormalizeRows(x, Epsilon, unit, norms);
        Backend.Current.NormalizeRows(references, Epsilon, other, lengths);
        Tensor cosines = Tensor.Empty(new Shape(x.Shape[0], references.Shape[0]));
        Backend.Current.MatMul(unit, false, other, true, new(cosines, false));
        return (cosines, norms);
    }
}
