using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>The mean over the rows of a batch that count, and its way back.</summary>
internal static class RowMean
{
    public static int Counted(ReadOnlySpan<int> labels) => labels.Length - labels.Count(-1);

    public static Tensor Of(Tensor lossPerRow, int counted)
    {
        Tensor mean = Tensor.Empty(Shape.Scalar);
        mean.Span[0] = (float)(Backend.Current.Sum(lossPerRow) / Math.Max(counted, 1));
        return mean;
    }

    /// <summary>dLoss/dLossOfRow: the same for every row; kernels skip those that do not count.</summary>
    public static Tensor Weights(int rows, int counted, Tensor dMean)
    {
        Tensor weights = Tensor.Empty(new Shape(rows));
        weights.Span.Fill(dMean.Item() / Math.Max(counted, 1));
        return weights;
    }
}
