namespace Hypersphere.Evaluation;

/// <summary>Samples grouped by class: classes numbered 0 … in the order of their labels; distractors (negative labels) belong to
/// none.</summary>
internal sealed class ClassIndex
{
    public ClassIndex(ReadOnlySpan<int> labels)
    {
        int[] distinct = Label = Distinct(labels.ToArray());
        Of = new int[labels.Length];
        Start = new int[distinct.Length + 1];
        for (int i = 0; i < labels.Length; i++)
        {
            Of[i] = labels[i] < 0 ? -1 : Array.BinarySearch(distinct, labels[i]);
            if (Of[i] >= 0)
            {
                Start[Of[i] + 1]++;
            }
        }

        for (int c = 0; c < distinct.Length; c++)
        {
            Start[c + 1] += Start[c];
        }

        Samples = new int[Start[^1]];
        int[] next = Start[..^1];
        for (int i = 0; i < labels.Length; i++)
        {
            if (Of[i] >= 0)
            {
                Samples[next[Of[i]]++] = i;
            }
        }
    }

    /// <summary>Number of classes that occur.</summary>
    public int Classes => Label.Length;

    /// <summary>[classes] the label of each class, ascending.</summary>
    public int[] Label { get; }

    /// <summary>[N] the class of each sample, or -1.</summary>
    public int[] Of { get; }

    /// <summary>Rows ordered by class, ascending inside one.</summary>
    public int[] Samples { get; }

    /// <summary>[classes + 1] where each class begins in <see cref="Samples"/>.</summary>
    public int[] Start { get; }

    public int SizeOf(int c) => Start[c + 1] - Start[c];

    public ReadOnlySpan<int> Members(int c) => Samples.AsSpan(Start[c], SizeOf(c));

    private static int[] Distinct(int[] labels)
    {
        Array.Sort(labels);
        List<int> distinct = [];
        foreach (int label in labels)
        {
            if (label >= 0 && (distinct.Count == 0 || distinct[^1] != label))
            {
                distinct.Add(label);
            }
        }

        return [.. distinct];
    }
}
