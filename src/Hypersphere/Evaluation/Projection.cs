using Hypersphere.Kernels.Threading;

namespace Hypersphere.Evaluation;

/// <summary>A picture of the embeddings: their two principal components.</summary>
/// <remarks>PCA of the normalised rows, centred: the leading eigenvectors of the covariance, in double precision, each turned so that its
/// entry of largest magnitude is positive.</remarks>
public sealed record Projection
{
    private const int Components = 2;

    private Projection()
    {
    }

    /// <summary>[N,2], row-major: coordinates along the first and the second component.</summary>
    public required float[] Points { get; init; }

    /// <summary>[2,D] unit directions of the components; zeros where D is 1.</summary>
    public required double[] Directions { get; init; }

    /// <summary>[2] share of the whole variance along each component, in [0, 1]; zeros where all embeddings coincide.</summary>
    public required double[] ExplainedVariance { get; init; }

    /// <summary>Projects a set.</summary>
    /// <param name="set">[N,D], need not be normalised.</param>
    public static Projection Of(EmbeddingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        int size = set.Size;
        double[] rows = Centred(set);
        double[] covariance = Covariance(rows, set.Count, size);
        (double[] values, double[] vectors) = LeadingEigenvectors.Of(covariance, size, Components);
        double trace = 0;
        for (int d = 0; d < size; d++)
        {
            trace += covariance[(d * size) + d];
        }

        float[] points = new float[set.Count * Components];
        for (int i = 0; i < points.Length; i++)
        {
            (int row, int component) = Math.DivRem(i, Components);
            points[i] = (float)Dot(rows.AsSpan(row * size, size), vectors.AsSpan(component * size, size));
        }

        return new Projection
        {
            Points = points,
            Directions = vectors,
            ExplainedVariance = Array.ConvertAll(values, v => trace > 0 ? Math.Clamp(v / trace, 0, 1) : 0),
        };
    }

    private static double[] Centred(EmbeddingSet set)
    {
        double[] rows = Array.ConvertAll(Vectors.Normalized(set.Values, set.Size), v => (double)v);
        double[] mean = new double[set.Size];
        for (int i = 0; i < rows.Length; i++)
        {
            mean[i % set.Size] += rows[i] / set.Count;
        }

        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] -= mean[i % set.Size];
        }

        return rows;
    }

    /// <summary>[D,D] sums of products; a chunk owns some rows of the result.</summary>
    private static double[] Covariance(double[] rows, int count, int size)
    {
        double[] covariance = new double[size * size];
        var body = new CovarianceRows(rows, count, size, covariance);
        WorkerPool.Shared.Run((size + CovarianceRows.Height - 1) / CovarianceRows.Height, ref body);
        return covariance;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private readonly struct CovarianceRows(double[] rows, int count, int size, double[] covariance) : IParallelBody
    {
        public const int Height = 16;

        public void Run(int chunk)
        {
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<double> row = rows.AsSpan(i * size, size);
                for (int d = chunk * Height; d < Math.Min(size, (chunk + 1) * Height); d++)
                {
                    Span<double> target = covariance.AsSpan(d * size, size);
                    System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(row, row[d], target, target);
                }
            }
        }
    }
}
