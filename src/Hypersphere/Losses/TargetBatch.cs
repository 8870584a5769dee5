namespace Hypersphere.Losses;

/// <summary>The cosines between embeddings and their own prototypes, to which a margin is applied.</summary>
/// <remarks>A margin reads <see cref="Cosines"/> (and <see cref="Norms"/> if it depends on them) and writes what replaces the target
/// cosine, ψ, with its slope dψ/dcos. Everything is elementwise: entry i belongs to row i of the batch.</remarks>
public readonly ref struct TargetBatch
{
    /// <summary>Wraps equally long spans.</summary>
    public TargetBatch(
        ReadOnlySpan<float> cosines, ReadOnlySpan<float> norms, ReadOnlySpan<int> labels, Span<float> values, Span<float> slopes,
        Span<float> normSlopes)
    {
        Cosines = cosines;
        Norms = norms;
        Labels = labels;
        Values = values;
        Slopes = slopes;
        NormSlopes = normSlopes;
    }

    /// <summary>cos θ between each embedding and its own prototype, in [−1, 1]; 0 where the label is −1.</summary>
    public ReadOnlySpan<float> Cosines { get; }

    /// <summary>‖x‖ of each embedding before normalisation.</summary>
    public ReadOnlySpan<float> Norms { get; }

    /// <summary>Class of each row, −1 where the row is left out.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>To be written: ψ, what replaces the target cosine.</summary>
    public Span<float> Values { get; }

    /// <summary>To be written: dψ/dcos θ.</summary>
    public Span<float> Slopes { get; }

    /// <summary>To be written by margins that depend on the norm and do not hold it constant: dψ/d‖x‖; zeros before.</summary>
    public Span<float> NormSlopes { get; }
}
