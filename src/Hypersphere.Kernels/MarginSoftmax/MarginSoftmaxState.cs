namespace Hypersphere.Kernels;

/// <summary>The parts of the caller's state memory, and how the classes are cut.</summary>
internal readonly unsafe struct MarginSoftmaxState
{
    private const int TileSize = 256;
    private const int MaxChunks = 16;

    /// <summary>Norms at and below this count as zero: the row's cosines are 0 and no gradient passes.</summary>
    public const float Epsilon = 1e-12f;

    public MarginSoftmaxState(in MarginSoftmaxProblem problem, float* memory)
    {
        int rows = problem.Rows, classes = problem.Classes;
        Tiles = (classes + TileSize - 1) / TileSize;
        Width = Math.Min(classes, (((classes + Tiles - 1) / Tiles) + 15) & ~15);
        Tiles = (classes + Width - 1) / Width;
        Chunks = Math.Min(MaxChunks, Tiles);
        nint used = 0;
        Unit = Take(memory, ref used, (nint)rows * problem.Dimensions);
        InverseNorm = Take(memory, ref used, rows);
        InversePrototypeNorm = Take(memory, ref used, classes);
        TileMax = Take(memory, ref used, (nint)Tiles * rows);
        TileSum = Take(memory, ref used, (nint)Tiles * rows);
        RowMax = Take(memory, ref used, rows);
        Others = Take(memory, ref used, rows);
        OthersPerSum = Take(memory, ref used, rows);
        Kept = 4L * rows * classes <= problem.Budget ? Take(memory, ref used, (nint)Tiles * Width * rows) : null;
        Length = used;
        IsKept = 4L * rows * classes <= problem.Budget;
    }

    /// <summary>Class tiles: whole tiles of <see cref="Width"/> and a shorter last one.</summary>
    public int Tiles { get; }

    public int Width { get; }

    /// <summary>Groups of consecutive tiles; each owns its rows of dW and a partial dE.</summary>
    public int Chunks { get; }

    /// <summary>Floats in all.</summary>
    public nint Length { get; }

    public bool IsKept { get; }

    /// <summary>[N, D], x / ‖x‖.</summary>
    public float* Unit { get; }

    /// <summary>[N], 1 / ‖x‖, or 0.</summary>
    public float* InverseNorm { get; }

    /// <summary>[C], 1 / ‖w‖, or 0.</summary>
    public float* InversePrototypeNorm { get; }

    /// <summary>[Tiles, N], largest value among the other classes of the tile.</summary>
    public float* TileMax { get; }

    /// <summary>[Tiles, N], Σ e^{s·(value − TileMax)} over the other classes of the tile.</summary>
    public float* TileSum { get; }

    /// <summary>[N], largest value among the other classes.</summary>
    public float* RowMax { get; }

    /// <summary>[N], S⁻/S: the probability that is not the target's.</summary>
    public float* Others { get; }

    /// <summary>[N], S⁻/S divided by Σ e^{s·(value − RowMax)}.</summary>
    public float* OthersPerSum { get; }

    /// <summary>[Tiles][N, width of the tile], e^{s·(value − TileMax)}·slope, 0 at the target; null when not kept.</summary>
    public float* Kept { get; }

    public int FirstTile(int chunk) => (int)((long)chunk * Tiles / Chunks);

    public int WidthOf(int tile, int classes) => Math.Min(Width, classes - (tile * Width));

    private static float* Take(float* memory, ref nint used, nint floats)
    {
        float* part = memory + used;
        used += (floats + 15) & ~15;
        return part;
    }
}
