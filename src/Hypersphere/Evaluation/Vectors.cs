namespace Hypersphere.Evaluation;

/// <summary>The few double-precision vector operations that the measures share.</summary>
internal static class Vectors
{
    /// <summary>Index of the first NaN or infinity, or -1.</summary>
    public static int IndexOfNonFinite(this Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Sum of products of two rows of equal length.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }

    /// <summary>In [-1, 1]; 0 where a row is zero.</summary>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double norms = Math.Sqrt(Dot(a, a)) * Math.Sqrt(Dot(b, b));
        return norms == 0 ? 0 : Math.Clamp(Dot(a, b) / norms, -1, 1);
    }

    /// <summary>Angle in degrees of a cosine, which may lie a rounding error outside [-1, 1].</summary>
    public static double Degrees(double cosine) => Math.Acos(Math.Clamp(cosine, -1, 1)) * (180 / Math.PI);

    /// <summary>A copy whose rows have norm 1; rows of zeros stay zero.</summary>
    public static float[] Normalized(ReadOnlySpan<float> values, int size)
    {
        float[] result = new float[values.Length];
        for (int start = 0; start < values.Length; start += size)
        {
            ReadOnlySpan<float> row = values.Slice(start, size);
            double norm = Math.Sqrt(Dot(row, row));
            for (int d = 0; norm > 0 && d < size; d++)
            {
                result[start + d] = (float)(row[d] / norm);
            }
        }

        return result;
    }
}
