using System.Numerics.Tensors;

namespace Hypersphere.Reports;

/// <summary>The plane of largest variance of normalised embeddings (PCA with two components).</summary>
/// <remarks>Orthogonal iteration on XᵀX of the centred unit rows, never forming the D×D matrix; starts from the first two coordinate axes plus a
/// fixed wave, so the result depends on the data alone. At most 4,000 rows, evenly chosen, take part.</remarks>
public sealed class PrincipalPlane
{
    private const int MaxRows = 4000;
    private const int Iterations = 60;
    private readonly float[] _mean;
    private readonly float[] _first;
    private readonly float[] _second;

    private PrincipalPlane(float[] mean, float[] first, float[] second, (double First, double Second) variance) =>
        (_mean, _first, _second, Variance) = (mean, first, second, variance);

    /// <summary>Keeps the two coordinates of a two-dimensional embedding.</summary>
    public static PrincipalPlane Identity { get; } = new([0, 0], [1, 0], [0, 1], (double.NaN, double.NaN));

    /// <summary>Share of the total variance on each axis, 0 … 1.</summary>
    public (double First, double Second) Variance { get; }

    /// <summary>Finds the plane.</summary>
    /// <param name="embeddings">[N,D] row-major.</param>
    /// <param name="dimension">D.</param>
    public static PrincipalPlane Fit(ReadOnlySpan<float> embeddings, int dimension)
    {
        int n = embeddings.Length / dimension;
        int rows = Math.Min(n, MaxRows);
        float[] x = new float[rows * dimension];
        float[] mean = new float[dimension];
        for (int r = 0; r < rows; r++)
        {
            Span<float> row = x.AsSpan(r * dimension, dimension);
            Normalize(embeddings.Slice((int)((long)r * n / rows) * dimension, dimension), row);
            TensorPrimitives.Add(mean, row, mean);
        }

        TensorPrimitives.Divide(mean, Math.Max(rows, 1), mean);
        for (int r = 0; r < rows; r++)
        {
            Span<float> row = x.AsSpan(r * dimension, dimension);
            TensorPrimitives.Subtract(row, mean, row);
        }

        return Iterate(x, rows, dimension, mean);
    }

    /// <summary>Coordinates of a row after normalising it to length 1.</summary>
    /// <param name="embedding">D values; a zero or non-finite row gives NaN.</param>
    public (double X, double Y) Project(ReadOnlySpan<float> embedding)
    {
        float[] unit = new float[embedding.Length];
        if (!Normalize(embedding, unit))
        {
            return (double.NaN, double.NaN);
        }

        TensorPrimitives.Subtract(unit, _mean, unit);
        return (TensorPrimitives.Dot(unit, _first), TensorPrimitives.Dot(unit, _second));
    }

    private static PrincipalPlane Iterate(float[] x, int rows, int dimension, float[] mean)
    {
        float[][] axis = [Start(dimension, 0), Start(dimension, 1)];
        float[][] next = [new float[dimension], new float[dimension]];
        double[] length = [0, 0];
        for (int step = 0; step < Iterations; step++)
        {
            for (int k = 0; k < 2; k++)
            {
                next[k].AsSpan().Clear();
                for (int r = 0; r < rows; r++)
                {
                    ReadOnlySpan<float> row = x.AsSpan(r * dimension, dimension);
                    TensorPrimitives.MultiplyAdd(row, TensorPrimitives.Dot(row, axis[k]), next[k], next[k]);
                }
            }

            length[0] = Normalize(next[0], axis[0]) ? TensorPrimitives.Norm(next[0]) : 0;
            TensorPrimitives.MultiplyAdd(axis[0], -TensorPrimitives.Dot(axis[0], next[1]), next[1], next[1]);
            length[1] = Normalize(next[1], axis[1]) ? TensorPrimitives.Norm(next[1]) : 0;
        }

        double total = TensorPrimitives.SumOfSquares(x);
        return new PrincipalPlane(mean, axis[0], axis[1], (length[0] / total, length[1] / total));
    }

    private static float[] Start(int dimension, int k)
    {
        float[] axis = new float[dimension];
        for (int d = 0; d < dimension; d++)
        {
            axis[d] = MathF.Cos(1 + ((2 * k) + 1) * d) + (d == k ? 1 : 0);
        }

        return axis;
    }

    private static bool Normalize(ReadOnlySpan<float> row, Span<float> unit)
    {
        float norm = TensorPrimitives.Norm(row);
        if (!(norm > 0) || float.IsInfinity(norm))
        {
            unit.Clear();
            return false;
        }

        TensorPrimitives.Divide(row, norm, unit);
        return true;
    }
}
