using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>How far the centres of each class lie apart: weight·Σ_c Σ_{k&lt;k'} √(2 − 2·ŵ_ck·ŵ_ck') / (C·K·(K − 1)).</summary>
/// <remarks>Within 1e-5 of one another the root is bent to keep its slope finite, as SoftTriple's code does: √(2 + 1e-5 − 2cos).</remarks>
internal static class CenterSpread
{
    private const double Bend = 1e-5;

    public static Tensor Forward(Tensor prototypes, int centers, double weight)
    {
        Tensor unit = Similarity.Unit(prototypes);
        return Scalar.Forward([unit], gradients =>
        {
            (int size, int rows) = (unit.Shape[1], unit.Shape[0]);
            double factor = weight / Math.Max((double)rows * (centers - 1), 1), sum = 0;
            for (int a = 0; a < rows; a++)
            {
                for (int b = a + 1; b < (a / centers * centers) + centers; b++)
                {
                    sum += factor * Pair(unit.Span.Slice(a * size, size), unit.Span.Slice(b * size, size),
                        gradients[0].Span.Slice(a * size, size), gradients[0].Span.Slice(b * size, size), factor);
                }
            }

            return sum;
        });
    }

    private static double Pair(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> da, Span<float> db, double factor)
    {
        double root = Math.Sqrt(Math.Max(2 + Bend - (2 * (double)System.Numerics.Tensors.TensorPrimitives.Dot(a, b)), Bend));
        float slope = (float)(-factor / root);
        for (int d = 0; d < a.Length; d++)
        {
            da[d] += slope * b[d];
            db[d] += slope * a[d];
        }

        return root;
    }
}
