namespace Hypersphere.Evaluation;

/// <summary>Prototypes, K of them a class: row c·K + k is the k-th of class c.</summary>
internal readonly ref struct ClassCenters(ReadOnlySpan<float> rows, int size, int perClass)
{
    public ReadOnlySpan<float> Rows { get; } = rows;

    public int PerClass => perClass;

    /// <summary>Angle to the nearest prototype of a class, in degrees.</summary>
    public double DegreesTo(int label, ReadOnlySpan<float> x)
    {
        double nearest = double.PositiveInfinity;
        for (int k = label * perClass; k < (label + 1) * perClass; k++)
        {
            nearest = Math.Min(nearest, Vectors.Degrees(Vectors.Cosine(x, Row(k))));
        }

        return nearest;
    }

    /// <summary>Angle of each prototype to the nearest one of another class; empty for one class.</summary>
    public double[] DegreesToOtherClasses()
    {
        int classes = Rows.Length / size / perClass;
        double[] angles = new double[classes < 2 ? 0 : classes * perClass];
        for (int i = 0; i < angles.Length; i++)
        {
            angles[i] = double.PositiveInfinity;
            for (int c = 0; c < classes; c++)
            {
                angles[i] = c == i / perClass ? angles[i] : Math.Min(angles[i], DegreesTo(c, Row(i)));
            }
        }

        return angles;
    }

    private ReadOnlySpan<float> Row(int k) => Rows.Slice(k * size, size);
}
