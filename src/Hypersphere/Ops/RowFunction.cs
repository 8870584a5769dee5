using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>The mean over the rows that count of a function of each row of a matrix.</summary>
internal static class RowFunction
{
    /// <summary>Reads a row of the matrix, writes the derivatives of its value, returns the value.</summary>
    public delegate double Row(int row, ReadOnlySpan<float> values, Span<float> gradient);

    /// <param name="matrix">[N, M]; a second matrix of that size holds the derivatives until Backward.</param>
    /// <param name="labels">−1 where a row does not count.</param>
    /// <param name="sampleWeights">One a row, or empty for 1.</param>
    /// <param name="focal">γ of the factor (1 − e^{−ℓ})^γ.</param>
    /// <param name="row">Called for the rows that count, in any order, on any thread.</param>
    public static Tensor Forward(
        Tensor matrix, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights, float focal, Row row) =>
        Scalar.Forward([matrix], gradients => Mean(matrix, gradients[0], labels, sampleWeights, focal, row));

    /// <summary>The mean; <paramref name="gradient"/> becomes its derivative by the matrix.</summary>
    public static double Mean(
        Tensor matrix, Tensor gradient, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights, float focal, Row row)
    {
        int size = matrix.Shape[1];
        Tensor losses = Tensor.Zeros(new Shape(labels.Length));
        ParallelRows.Run(labels.Length, i =>
        {
            if (labels.Span[i] >= 0)
            {
                losses.Span[i] = (float)row(i, matrix.Span.Slice(i * size, size), gradient.Span.Slice(i * size, size));
            }
        });
        RowWeighting weighting = RowWeighting.Of(losses, labels.Span, sampleWeights.Span, focal);
        ParallelRows.Run(labels.Length, i =>
        {
            float weight = labels.Span[i] < 0 ? 0 : weighting.Weights.Span[i];
            foreach (ref float value in gradient.Span.Slice(i * size, size))
            {
                value *= weight;
            }
        });
        return weighting.Loss.Item();
    }
}
