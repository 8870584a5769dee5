namespace Hypersphere.Backends;

/// <summary>What is the same for every row of a margin softmax.</summary>
/// <param name="Scale">s.</param>
/// <param name="ScratchBudget">Bytes that the N×C exponentials may take.</param>
internal sealed record MarginSoftmaxSettings(float Scale, long ScratchBudget)
{
    /// <summary>Whether a row's scale is s·‖x‖.</summary>
    public bool ScaleByNorm { get; init; }

    /// <summary>ε of label smoothing.</summary>
    public float Smoothing { get; init; }

    /// <summary>Share of the other classes' sum up to which a class gets no gradient; 0: all do.</summary>
    public float SparseGradient { get; init; }

    /// <summary>γ of the focal factor (1 − p)^γ.</summary>
    public float Focal { get; init; }
}
