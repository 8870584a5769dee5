using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>[N, M], (Σ_k |x_ik − r_jk|^p)^{power/p} between rows, coordinate by coordinate; the gradient at distance 0 is 0.</summary>
internal static class LpDistances
{
    public static Tensor Forward(Tensor x, Tensor references, float p, float power)
    {
        (int rows, int columns, int size) = (x.Shape[0], references.Shape[0], x.Shape[1]);
        Tensor y = Tensor.Empty(new Shape(rows, columns));
        ParallelRows.Run(rows, i =>
        {
            ReadOnlySpan<float> own = x.Span.Slice(i * size, size);
            for (int j = 0; j < columns; j++)
            {
                ReadOnlySpan<float> other = references.Span.Slice(j * size, size);
                double sum = 0;
                for (int k = 0; k < size; k++)
                {
                    sum += Math.Pow(Math.Abs((double)own[k] - other[k]), p);
                }

                y.Span[(i * columns) + j] = (float)Math.Pow(sum, power / p);
            }
        });
        return Tape.Remember(y, x.NeedsGradient || references.NeedsGradient, dy =>
        {
            Side(x, references, p, power, GradientTarget.Of(x), (i, j) => (y.Span[(i * columns) + j], dy.Span[(i * columns) + j]));
            Side(references, x, p, power, GradientTarget.Of(references), (j, i) => (y.Span[(i * columns) + j], dy.Span[(i * columns) + j]));
        });
    }

    /// <summary>dxᵢ = Σⱼ dL/dv·power·d^{power−p}·|δ|^{p−1}·sign δ.</summary>
    private static void Side(Tensor own, Tensor other, float p, float power, GradientTarget target, Func<int, int, (float Value, float Slope)> at)
    {
        if (!target.Wanted)
        {
            return;
        }

        int size = own.Shape[1];
        Tensor gradient = Tensor.Zeros(own.Shape);
        ParallelRows.Run(own.Shape[0], i =>
        {
            Span<float> sum = gradient.Span.Slice(i * size, size);
            ReadOnlySpan<float> row = own.Span.Slice(i * size, size);
            for (int j = 0; j < other.Shape[0]; j++)
            {
                ReadOnlySpan<float> column = other.Span.Slice(j * size, size);
                (float value, float slope) = at(i, j);
                double factor = value <= 0 || slope == 0 ? 0 : slope * power * Math.Pow(value, (power - p) / power);
                for (int k = 0; k < size && factor != 0; k++)
                {
                    double difference = (double)row[k] - column[k];
                    sum[k] += (float)(factor * Math.Sign(difference) * Math.Pow(Math.Abs(difference), p - 1));
                }
            }
        });
        Backend.Current.Pass(gradient, target);
    }
}
