using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;
using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>[N, M], ‖xᵢ − rⱼ‖^power between rows; the gradient at distance 0 is 0 for powers under 2.</summary>
/// <remarks>One product, ‖x‖² + ‖r‖² − 2x·r, where that keeps its digits; near pairs are subtracted coordinate by coordinate, so duplicates
/// have distance exactly 0. Backward: two products.</remarks>
internal static class EuclideanDistances
{
    /// <summary>Under this share of ‖x‖² + ‖r‖² the difference of squares has lost its digits.</summary>
    private const float Near = 0.25f;

    public static Tensor Forward(Tensor x, Tensor references, float power)
    {
        (int rows, int columns, int size) = (x.Shape[0], references.Shape[0], x.Shape[1]);
        Tensor y = Tensor.Empty(new Shape(rows, columns));
        Backend.Current.MatMul(x, false, references, true, new(y, false));
        float[] squares = Squares(references);
        ParallelRows.Run(rows, i =>
        {
            ReadOnlySpan<float> own = x.Span.Slice(i * size, size);
            float square = TensorPrimitives.SumOfSquares(own);
            Span<float> values = y.Span.Slice(i * columns, columns);
            for (int j = 0; j < columns; j++)
            {
                float both = square + squares[j], difference = both - (2 * values[j]);
                if (!(difference >= Near * both))
                {
                    float distance = TensorPrimitives.Distance(own, references.Span.Slice(j * size, size));
                    difference = distance * distance;
                }

                values[j] = power == 2 ? difference : power == 1 ? MathF.Sqrt(difference) : MathF.Pow(difference, power / 2);
            }
        });
        return Tape.Remember(y, x.NeedsGradient || references.NeedsGradient, dy => Backward(x, references, power, y, dy));
    }

    private static float[] Squares(Tensor x)
    {
        float[] squares = new float[x.Shape[0]];
        for (int i = 0; i < squares.Length; i++)
        {
            squares[i] = TensorPrimitives.SumOfSquares<float>(x.Span.Slice(i * x.Shape[1], x.Shape[1]));
        }

        return squares;
    }

    /// <summary>With H = dL/dv·power·d^{power−2}: dxᵢ = Σⱼ Hᵢⱼ·(xᵢ − rⱼ), drⱼ = Σᵢ Hᵢⱼ·(rⱼ − xᵢ).</summary>
    private static void Backward(Tensor x, Tensor references, float power, Tensor y, Tensor dy)
    {
        Tensor weights = Tensor.Empty(y.Shape);
        ParallelRows.Run(y.Shape[0], i =>
        {
            int columns = y.Shape[1];
            ReadOnlySpan<float> values = y.Span.Slice(i * columns, columns), slopes = dy.Span.Slice(i * columns, columns);
            Span<float> row = weights.Span.Slice(i * columns, columns);
            for (int j = 0; j < row.Length; j++)
            {
                float value = values[j];
                row[j] = slopes[j] * (power == 2 ? 2 : value <= 0 ? 0 : power == 1 ? 1 / value : power * MathF.Pow(value, 1 - (2 / power)));
            }
        });
        if (GradientTarget.Of(x) is { Wanted: true } dx)
        {
            Side(weights, false, x, references, dx);
        }

        if (GradientTarget.Of(references) is { Wanted: true } dReferences)
        {
            Side(weights, true, references, x, dReferences);
        }
    }

    private static void Side(Tensor weights, bool transposed, Tensor own, Tensor other, GradientTarget target)
    {
        (int rows, int size) = (own.Shape[0], own.Shape[1]);
        Tensor pull = Tensor.Empty(own.Shape), sums = Tensor.Empty(new Shape(rows));
        Backend.Current.MatMul(weights, transposed, other, false, new(pull, false));
        if (transposed)
        {
            Backend.Current.SumRows(weights, new(sums, false));
        }

        ParallelRows.Run(rows, i =>
        {
            Span<float> gradient = pull.Span.Slice(i * size, size);
            float sum = transposed ? sums.Span[i] : TensorPrimitives.Sum<float>(weights.Span.Slice(i * weights.Shape[1], weights.Shape[1]));
            TensorPrimitives.Negate(gradient, gradient);
            TensorPrimitives.MultiplyAdd(own.Span.Slice(i * size, size), sum, gradient, gradient);
        });
        Backend.Current.Pass(pull, target);
    }
}
