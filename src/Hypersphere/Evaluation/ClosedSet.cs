namespace Hypersphere.Evaluation;

/// <summary>Closed-set classification: the class of a sample is that of the prototype at the smallest angle.</summary>
public static class ClosedSet
{
    /// <summary>Share of labelled samples whose nearest prototype is their own class's; ties go to the lower class.</summary>
    /// <param name="set">[N,D]; labels are rows of <paramref name="prototypes"/>, distractors are left out.</param>
    /// <param name="prototypes">[C·K,D], row = class when K is 1, need not be normalised.</param>
    /// <param name="centers">K, prototypes of a class; row c·K + k is the k-th of class c, and the nearest counts.</param>
    /// <returns>In [0, 1]; null where no sample has a label.</returns>
    /// <exception cref="InputException">The prototypes have another size, or fewer rows than a label says.</exception>
    public static double? Accuracy(EmbeddingSet set, ReadOnlySpan<float> prototypes, int centers = 1)
    {
        int[] predicted = Predict(set, prototypes, centers);
        (int labelled, int right) = (0, 0);
        for (int i = 0; i < predicted.Length; i++)
        {
            labelled += set.Labels[i] >= 0 ? 1 : 0;
            right += set.Labels[i] == predicted[i] ? 1 : 0;
        }

        return labelled == 0 ? null : (double)right / labelled;
    }

    /// <summary>The class of the nearest prototype of each sample, [N].</summary>
    /// <inheritdoc cref="Accuracy" path="/param|/exception"/>
    public static int[] Predict(EmbeddingSet set, ReadOnlySpan<float> prototypes, int centers = 1)
    {
        ArgumentNullException.ThrowIfNull(set);
        CheckPrototypes(set, prototypes, centers);
        InnerProducts cosines = new(Vectors.Normalized(set.Values, set.Size), Vectors.Normalized(prototypes, set.Size), set.Size);
        Neighbors nearest = Neighbors.Find(cosines, top: 1);
        return [.. Enumerable.Range(0, set.Count).Select(i => nearest.Rows(i)[0] / centers)];
    }

    internal static void CheckPrototypes(EmbeddingSet set, ReadOnlySpan<float> prototypes, int centers)
    {
        int classes = prototypes.Length / set.Size / Math.Max(centers, 1);
        if (classes == 0 || classes * centers * set.Size != prototypes.Length)
        {
            throw new InputException($"prototypes: {prototypes.Length} values do not make rows of {set.Size}; "
                + "give the prototypes of the network that made the embeddings");
        }

        int largest = set.Labels.DefaultIfEmpty(-1).Max();
        if (largest >= classes)
        {
            throw new InputException($"prototypes: there are {classes} but a label is {largest}; "
                + "closed-set measures need the classes of training: leave the prototypes out for new ones");
        }
    }
}
