namespace Hypersphere.Kernels;

/// <summary>What a margin softmax is computed on. The pointers stay the caller's.</summary>
public unsafe struct MarginSoftmaxProblem
{
    /// <summary>The label of a row whose class is not among the C here: another rank has it.</summary>
    public const int Elsewhere = -2;

    /// <summary>N, rows of the batch; may be 0.</summary>
    public int Rows { get; set; }

    /// <summary>C, classes; at least 1.</summary>
    public int Classes { get; set; }

    /// <summary>Classes of all ranks; C when there is one.</summary>
    public int AllClasses
    {
        readonly get => field > 0 ? field : Classes;
        set;
    }

    /// <summary>D, length of an embedding; at least 1.</summary>
    public int Dimensions { get; set; }

    /// <summary>[N, D], need not be normalised.</summary>
    public float* Embeddings { get; set; }

    /// <summary>[C, D], need not be normalised.</summary>
    public float* Prototypes { get; set; }

    /// <summary>[N], 0 … C−1, −1 for a row to ignore, or <see cref="Elsewhere"/>.</summary>
    public int* Labels { get; set; }

    /// <summary>s, the factor of every value; 0 &lt; s ≤ 512.</summary>
    public float Scale { get; set; }

    /// <summary>Whether a row's scale is Scale·‖x_i‖, as in SphereFace, whose logits keep the length of the embedding.</summary>
    public bool ScaleByNorm { get; set; }

    /// <summary>ε of label smoothing: the target distribution is 1 − ε + ε/C on the own class and ε/C on the others. Needs plain
    /// negatives.</summary>
    public float Smoothing { get; set; }

    /// <summary>Other classes with at most this share of Σ_{j≠y} e^{s·v_j}, times the slope of their value, get no gradient from the row; the
    /// loss stays exact. 0: all do. Not with smoothing, which pulls at every class.</summary>
    public float SparseGradient { get; set; }

    /// <summary>Adjustment of the other classes.</summary>
    public HardNegatives Negatives { get; set; }

    /// <summary>Bytes that the N×C exponentials may take between forward and backward; those that do not fit are computed
    /// twice.</summary>
    public long Budget { get; set; }
}
