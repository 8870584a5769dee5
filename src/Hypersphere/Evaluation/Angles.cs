namespace Hypersphere.Evaluation;

/// <summary>Measures angles between embeddings, their classes' centres and prototypes.</summary>
public static class Angles
{
    /// <summary>All angles of <see cref="AngleStatistics"/> that the arguments define.</summary>
    /// <param name="set">[N,D]; with prototypes, labels are their rows; distractors are left out.</param>
    /// <param name="prototypes">[C,D], row = class, need not be normalised; empty where there are none, as for classes not trained
    /// on.</param>
    /// <param name="centers">K, prototypes of a class; row c·K + k is the k-th of class c, and the nearest counts.</param>
    /// <exception cref="InputException">The prototypes have another size, or fewer rows than a label says.</exception>
    public static AngleStatistics Measure(EmbeddingSet set, ReadOnlySpan<float> prototypes = default, int centers = 1)
    {
        ArgumentNullException.ThrowIfNull(set);
        ClassIndex classes = new(set.Labels);
        float[] rows = Vectors.Normalized(set.Values, set.Size);
        float[] centres = Centres(rows, set.Size, classes);
        var statistics = new AngleStatistics
        {
            OwnCentre = Mean(ToCentres(rows, set.Size, classes, centres)),
            NearestCentre = Mean(Nearest(centres, set.Size)),
        };
        return prototypes.IsEmpty ? statistics : WithPrototypes(statistics, set, new(prototypes, set.Size, centers), classes, centres);
    }

    /// <summary>Angle in degrees between each sample and the prototype of its class, in the order of the rows, distractors left
    /// out.</summary>
    /// <inheritdoc cref="Measure" path="/param|/exception"/>
    public static double[] ToPrototypes(EmbeddingSet set, ReadOnlySpan<float> prototypes, int centers = 1)
    {
        ArgumentNullException.ThrowIfNull(set);
        ClosedSet.CheckPrototypes(set, prototypes, centers);
        ClassCenters of = new(prototypes, set.Size, centers);
        List<double> angles = new(set.Count);
        for (int i = 0; i < set.Count; i++)
        {
            if (set.Labels[i] >= 0)
            {
                angles.Add(of.DegreesTo(set.Labels[i], set.Row(i)));
            }
        }

        return [.. angles];
    }

    private static AngleStatistics WithPrototypes(
        AngleStatistics statistics, EmbeddingSet set, ClassCenters prototypes, ClassIndex classes, float[] centres)
    {
        double[] own = ToPrototypes(set, prototypes.Rows, prototypes.PerClass);
        double[] nearest = prototypes.PerClass == 1 ? Nearest(prototypes.Rows, set.Size) : prototypes.DegreesToOtherClasses();
        double[] toCentres = new double[classes.Classes];
        for (int c = 0; c < toCentres.Length; c++)
        {
            toCentres[c] = prototypes.DegreesTo(classes.Label[c], centres.AsSpan(c * set.Size, set.Size));
        }

        return statistics with
        {
            OwnPrototype = Mean(own),
            OwnPrototypes = AngleHistogram.FromDegrees(own),
            PrototypeToCentre = Mean(toCentres),
            NearestPrototype = Mean(nearest),
            PrototypeMin = nearest.Length == 0 ? null : nearest.Min(),
            PrototypeMean = PairwiseAngles.Mean(Vectors.Normalized(prototypes.Rows, set.Size), set.Size),
        };
    }

    /// <summary>[classes, size] means of unit rows.</summary>
    private static float[] Centres(float[] rows, int size, ClassIndex classes)
    {
        float[] centres = new float[classes.Classes * size];
        double[] sum = new double[size];
        for (int c = 0; c < classes.Classes; c++)
        {
            Array.Clear(sum);
            foreach (int i in classes.Members(c))
            {
                for (int d = 0; d < size; d++)
                {
                    sum[d] += rows[(i * size) + d];
                }
            }

            for (int d = 0; d < size; d++)
            {
                centres[(c * size) + d] = (float)(sum[d] / classes.SizeOf(c));
            }
        }

        return centres;
    }

    private static double[] ToCentres(float[] rows, int size, ClassIndex classes, float[] centres)
    {
        List<double> angles = [];
        for (int i = 0; i < classes.Of.Length; i++)
        {
            int c = classes.Of[i];
            if (c >= 0 && classes.SizeOf(c) > 1)
            {
                angles.Add(Degrees(rows.AsSpan(i * size, size), centres.AsSpan(c * size, size)));
            }
        }

        return [.. angles];
    }

    /// <summary>Smallest angle of each row to another; empty for fewer than two rows.</summary>
    private static double[] Nearest(ReadOnlySpan<float> rows, int size)
    {
        float[] unit = Vectors.Normalized(rows, size);
        if (unit.Length <= size)
        {
            return [];
        }

        double[] angles = new double[unit.Length / size];
        Neighbors nearest = Neighbors.Find(new InnerProducts(unit, unit, size), top: 1, skipOwn: true);
        for (int i = 0; i < angles.Length; i++)
        {
            angles[i] = Degrees(rows.Slice(i * size, size), rows.Slice(nearest.Rows(i)[0] * size, size));
        }

        return angles;
    }

    private static double Degrees(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => Vectors.Degrees(Vectors.Cosine(a, b));

    private static double? Mean(double[] values) => values.Length == 0 ? null : values.Average();
}
