using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;
using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>[N, M], var(xᵢ − rⱼ) / var(xᵢ) over coordinates: the squared distance of centred rows over the squared length of one.</summary>
internal static class SignalToNoise
{
    /// <summary>A row with less variance than this, or than this share of its square, has lost its digits and counts as constant.</summary>
    private const double Constant = 1e-12;

    public static Tensor Forward(Tensor x, Tensor references)
    {
        Tensor centered = Center(x), others = ReferenceEquals(x, references) ? centered : Center(references);
        Tensor distances = EuclideanDistances.Forward(centered, others, 2);
        (int rows, int columns) = (x.Shape[0], references.Shape[0]);
        double[] signals = new double[rows];
        Tensor y = Tensor.Empty(distances.Shape);
        ParallelRows.Run(rows, i =>
        {
            float signal = TensorPrimitives.SumOfSquares<float>(Row(centered, i)); // as in the distances, so that against 0 the ratio is 1
            signals[i] = signal > Constant * Math.Max(1, TensorPrimitives.SumOfSquares<float>(Row(x, i))) ? signal : 0;
            for (int k = i * columns; k < (i + 1) * columns; k++)
            {
                y.Span[k] = signals[i] == 0 ? 0 : (float)(distances.Span[k] / signals[i]);
            }
        });
        return Tape.Remember(
            y, centered.NeedsGradient || others.NeedsGradient, dy => Backward(centered, distances, signals, y, dy));
    }

    /// <summary>With y = d/q, q = ‖c‖²: dd = dy/q and dq = −Σ dy·y/q.</summary>
    private static void Backward(Tensor centered, Tensor distances, double[] signals, Tensor y, Tensor dy)
    {
        Tensor noise = Tensor.Empty(y.Shape), signal = Tensor.Empty(centered.Shape);
        ParallelRows.Run(signals.Length, i =>
        {
            ReadOnlySpan<float> slopes = Row(dy, i), values = Row(y, i);
            Span<float> result = Row(noise, i);
            double sum = 0;
            for (int j = 0; j < slopes.Length; j++)
            {
                result[j] = signals[i] == 0 ? 0 : (float)(slopes[j] / signals[i]);
                sum += signals[i] == 0 ? 0 : (double)slopes[j] * values[j];
            }

            TensorPrimitives.Multiply(Row(centered, i), signals[i] == 0 ? 0 : (float)(-2 * sum / signals[i]), Row(signal, i));
        });
        Pass(noise, distances);
        Pass(signal, centered);
    }

    /// <summary>Rows less their mean.</summary>
    private static Tensor Center(Tensor x)
    {
        Tensor y = Tensor.Empty(x.Shape);
        Subtract(x, y);
        return Tape.Remember(y, x.NeedsGradient, dy =>
        {
            Tensor dx = Tensor.Empty(x.Shape);
            Subtract(dy, dx);
            Pass(dx, x);
        });
    }

    private static void Subtract(Tensor from, Tensor to) => ParallelRows.Run(from.Shape[0], i =>
    {
        double sum = 0;
        foreach (float value in Row(from, i))
        {
            sum += value;
        }

        TensorPrimitives.Add(Row(from, i), (float)(-sum / from.Shape[1]), Row(to, i));
    });

    private static void Pass(Tensor gradient, Tensor input)
    {
        if (GradientTarget.Of(input) is { Wanted: true } target)
        {
            Backend.Current.Pass(gradient, target);
        }
    }

    private static Span<float> Row(Tensor x, int i) => x.Span.Slice(i * x.Shape[1], x.Shape[1]);
}
