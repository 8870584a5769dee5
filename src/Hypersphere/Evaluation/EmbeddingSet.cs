namespace Hypersphere.Evaluation;

/// <summary>Embeddings with their labels: what every measure of this namespace reads.</summary>
/// <remarks>All values are finite by construction. A negative label marks a distractor: a sample of no known class.</remarks>
public sealed class EmbeddingSet
{
    /// <summary>Takes the arrays as they are, without copying.</summary>
    /// <param name="values">[N,D], row-major, need not be normalised.</param>
    /// <param name="size">D, at least 1.</param>
    /// <param name="labels">[N] class numbers; negative for a distractor.</param>
    /// <param name="names">[N] what to call the samples, such as file names; null for none.</param>
    /// <exception cref="InputException">The lengths disagree, or a value is NaN or infinite.</exception>
    public EmbeddingSet(float[] values, int size, int[] labels, string[]? names = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(labels);
        if (size < 1 || (long)labels.Length * size != values.Length)
        {
            throw new InputException($"embeddings: {values.Length} values do not make {labels.Length} rows of {size}; "
                + "give one label per row and the row length that the network has");
        }

        if (names is not null && names.Length != labels.Length)
        {
            throw new InputException($"embeddings: {names.Length} names for {labels.Length} labels; give one name per row or none");
        }

        int bad = values.AsSpan().IndexOfNonFinite();
        if (bad >= 0)
        {
            string name = names is null ? "" : $" ({names[bad / size]})";
            throw new InputException($"embeddings: row {bad / size}{name} holds {values[bad]} at dimension {bad % size}; "
                + "the network diverged or the file is damaged: use an earlier checkpoint");
        }

        (Values, Size, Labels, Names) = (values, size, labels, names);
    }

    /// <summary>[N,D], row-major.</summary>
    public float[] Values { get; }

    /// <summary>[N] class numbers; negative for a distractor.</summary>
    public int[] Labels { get; }

    /// <summary>[N] what the samples are called, or null.</summary>
    public string[]? Names { get; }

    /// <summary>D, the length of a row.</summary>
    public int Size { get; }

    /// <summary>N, the number of rows.</summary>
    public int Count => Labels.Length;

    /// <summary>One embedding, [D].</summary>
    public ReadOnlySpan<float> Row(int index) => Values.AsSpan(index * Size, Size);

    /// <summary>The same samples, each row divided by its L2 norm. A row of zeros stays zero, so its cosine with anything is 0.</summary>
    public EmbeddingSet Normalized() => new(Vectors.Normalized(Values, Size), Size, Labels, Names);

    /// <summary>The sum of two sets of embeddings of the same samples, such as of images and their mirror images.</summary>
    /// <param name="other">As many embeddings of the same size.</param>
    /// <exception cref="InputException">They differ in number or size.</exception>
    public EmbeddingSet Plus(EmbeddingSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Size != Size || other.Count != Count)
        {
            throw new InputException($"embeddings: {Count} of {Size} numbers and {other.Count} of {other.Size} cannot be added; give embeddings of the same samples");
        }

        float[] sum = new float[Values.Length];
        System.Numerics.Tensors.TensorPrimitives.Add(Values, other.Values, sum);
        return new EmbeddingSet(sum, Size, Labels, Names);
    }

    /// <summary>Some of the samples, in the given order.</summary>
    /// <param name="rows">0 … Count−1 each.</param>
    public EmbeddingSet Rows(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        float[] values = new float[rows.Count * Size];
        for (int i = 0; i < rows.Count; i++)
        {
            Row(rows[i]).CopyTo(values.AsSpan(i * Size));
        }

        return new EmbeddingSet(values, Size, [.. rows.Select(r => Labels[r])], Names is null ? null : [.. rows.Select(r => Names[r])]);
    }

    /// <summary>Cosine of the angle between two rows, in double precision, in [-1, 1]; 0 where a row is zero.</summary>
    public double Cosine(int first, int second) => Vectors.Cosine(Row(first), Row(second));
}
