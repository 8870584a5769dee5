namespace Hypersphere.Evaluation;

/// <summary>Eigenvectors of the largest eigenvalues of a symmetric positive semi-definite matrix, by subspace iteration.</summary>
/// <remarks>A few vectors more than asked for are iterated together, so that convergence depends on the gap behind those; a Rayleigh–Ritz
/// step by Jacobi rotations separates them. The start is fixed: same input, same bits.</remarks>
internal static class LeadingEigenvectors
{
    private const int Guard = 8;
    private const int MaxIterations = 500;
    private const double Tolerance = 1e-13;

    /// <summary>Values in descending order and unit vectors [count, size], each with its entry of largest magnitude positive.</summary>
    public static (double[] Values, double[] Vectors) Of(double[] matrix, int size, int count)
    {
        int width = Math.Min(size, count + Guard);
        double[][] basis = Start(size, width);
        double[] values = new double[width];
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            Orthonormalize(basis);
            double[][] image = Array.ConvertAll(basis, v => Apply(matrix, v));
            double[] previous = values;
            (values, double[,] rotation) = Ritz(basis, image);
            basis = Rotate(image, rotation);
            if (Settled(values, previous, Math.Min(count, width)))
            {
                break;
            }
        }

        Orthonormalize(basis);
        double[] vectors = new double[count * size];
        for (int k = 0; k < Math.Min(count, width); k++)
        {
            int largest = Enumerable.Range(0, size).MaxBy(d => Math.Abs(basis[k][d]));
            double sign = basis[k][largest] < 0 ? -1 : 1;
            for (int d = 0; d < size; d++)
            {
                vectors[(k * size) + d] = sign * basis[k][d];
            }
        }

        Array.Resize(ref values, count);
        return (values, vectors);
    }

    private static double[][] Start(int size, int width)
    {
        Rng rng = new Rng(0).Fork("subspace iteration");
        double[][] basis = new double[width][];
        for (int k = 0; k < width; k++)
        {
            basis[k] = new double[size];
            rng.FillGaussian(basis[k]);
        }

        return basis;
    }

    private static bool Settled(double[] values, double[] previous, int count)
    {
        for (int k = 0; k < count; k++)
        {
            if (Math.Abs(values[k] - previous[k]) > Tolerance * values[0])
            {
                return false;
            }
        }

        return true;
    }

    private static double[] Apply(double[] matrix, double[] vector)
    {
        double[] result = new double[vector.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = Dot(matrix.AsSpan(i * result.Length, result.Length), vector);
        }

        return result;
    }

    /// <summary>Modified Gram–Schmidt, twice; a vector that vanishes is replaced by the unit vector least covered so far.</summary>
    private static void Orthonormalize(double[][] basis)
    {
        for (int k = 0; k < basis.Length; k++)
        {
            double before = Math.Sqrt(Dot(basis[k], basis[k]));
            Deflate(basis, k);
            double norm = Math.Sqrt(Dot(basis[k], basis[k]));
            if (!(norm > 1e-12 * before) || before == 0)
            {
                int free = Enumerable.Range(0, basis[k].Length).MinBy(d => basis.Take(k).Sum(v => v[d] * v[d]));
                Array.Clear(basis[k]);
                basis[k][free] = 1;
                Deflate(basis, k);
                norm = Math.Sqrt(Dot(basis[k], basis[k]));
            }

            Scale(basis[k], 1 / norm);
        }
    }

    private static void Deflate(double[][] basis, int k)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            for (int j = 0; j < k; j++)
            {
                AddScaled(basis[k], basis[j], -Dot(basis[k], basis[j]));
            }
        }
    }

    private static (double[] Values, double[,] Rotation) Ritz(double[][] basis, double[][] image)
    {
        int width = basis.Length;
        double[,] small = new double[width, width];
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                small[i, j] = small[j, i] = (Dot(basis[i], image[j]) + Dot(basis[j], image[i])) / 2;
            }
        }

        return JacobiEigen.Solve(small);
    }

    private static double[][] Rotate(double[][] vectors, double[,] rotation)
    {
        double[][] result = new double[vectors.Length][];
        for (int k = 0; k < result.Length; k++)
        {
            result[k] = new double[vectors[0].Length];
            for (int j = 0; j < vectors.Length; j++)
            {
                AddScaled(result[k], vectors[j], rotation[j, k]);
            }
        }

        return result;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        => System.Numerics.Tensors.TensorPrimitives.Dot(a, b);

    private static void AddScaled(double[] target, double[] vector, double factor)
        => System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(vector, factor, target, target);

    private static void Scale(double[] vector, double factor)
        => System.Numerics.Tensors.TensorPrimitives.Multiply(vector, factor, vector);
}
