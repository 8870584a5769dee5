namespace Hypersphere.Evaluation;

/// <summary>All eigenvalues and vectors of a small symmetric matrix by cyclic Jacobi rotations.</summary>
internal static class JacobiEigen
{
    private const int MaxSweeps = 60;

    /// <summary>Values in descending order; column k of Vectors belongs to value k. <paramref name="matrix"/> is destroyed.</summary>
    public static (double[] Values, double[,] Vectors) Solve(double[,] matrix)
    {
        int size = matrix.GetLength(0);
        double[,] vectors = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            vectors[i, i] = 1;
        }

        for (int sweep = 0; sweep < MaxSweeps && !IsDiagonal(matrix); sweep++)
        {
            for (int p = 0; p < size; p++)
            {
                for (int q = p + 1; q < size; q++)
                {
                    Rotate(matrix, vectors, p, q);
                }
            }
        }

        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => matrix[i, i]).ThenBy(i => i)];
        double[,] sorted = new double[size, size];
        for (int k = 0; k < size; k++)
        {
            for (int i = 0; i < size; i++)
            {
                sorted[i, k] = vectors[i, order[k]];
            }
        }

        return (Array.ConvertAll(order, i => matrix[i, i]), sorted);
    }

    private static bool IsDiagonal(double[,] matrix)
    {
        (double off, double all) = (0, 0);
        for (int i = 0; i < matrix.GetLength(0); i++)
        {
            for (int j = 0; j < matrix.GetLength(0); j++)
            {
                double square = matrix[i, j] * matrix[i, j];
                (off, all) = (off + (i == j ? 0 : square), all + square);
            }
        }

        return off <= 1e-32 * all;
    }

    private static void Rotate(double[,] matrix, double[,] vectors, int p, int q)
    {
        if (matrix[p, q] == 0)
        {
            return;
        }

        double ratio = (matrix[q, q] - matrix[p, p]) / (2 * matrix[p, q]);
        double tangent = (ratio < 0 ? -1 : 1) / (Math.Abs(ratio) + Math.Sqrt((ratio * ratio) + 1));
        double cosine = 1 / Math.Sqrt((tangent * tangent) + 1);
        double sine = tangent * cosine;
        for (int i = 0; i < matrix.GetLength(0); i++)
        {
            (double a, double b) = (matrix[i, p], matrix[i, q]);
            (matrix[i, p], matrix[i, q]) = ((cosine * a) - (sine * b), (sine * a) + (cosine * b));
            (a, b) = (vectors[i, p], vectors[i, q]);
            (vectors[i, p], vectors[i, q]) = ((cosine * a) - (sine * b), (sine * a) + (cosine * b));
        }

        for (int i = 0; i < matrix.GetLength(0); i++)
        {
            (double a, double b) = (matrix[p, i], matrix[q, i]);
            (matrix[p, i], matrix[q, i]) = ((cosine * a) - (sine * b), (sine * a) + (cosine * b));
        }
    }
}
