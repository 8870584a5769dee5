namespace Hypersphere.Kernels;

/// <summary>The parts of the caller's state memory, and how the classes are cut. Rows are padded with zeros to whole registers.</summary>
internal readonly unsafe struct MarginSoftmaxState
{
    /// <summary>Norms at and below this count as zero: the row's cosines are 0 and no gradient passes.</summary>
    public const float Epsilon = 1e-12f;

    private const int ClassesPerTile = 224;
    private const int Padding = 16;
    private const int ChunkShare = 8;

    public MarginSoftmaxState(in MarginSoftmaxProblem problem, float* memory)
    {
        int classes = problem.Classes, size = problem.Dimensions, tile = ClassesPerTile / PackedGemm.TileRows * PackedGemm.TileRows;
        Rows = (problem.Rows + Padding - 1) / Padding * Padding;
        Step = Rows % 256 == 0 ? Rows + Padding : Rows;
        int even = Math.Max(1, (classes + tile - 1) / tile);
        Width = Math.Max(1, Math.Min(classes, ((classes + even - 1) / even + PackedGemm.TileRows - 1) / PackedGemm.TileRows * PackedGemm.TileRows));
        Tiles = Math.Max(1, (classes + Width - 1) / Width); // no class at all, as a rank may have of a sample, is one empty tile
        Chunks = CountChunks(Tiles);
        nint used = 0;
        Unit = Take(memory, ref used, (nint)Rows * size);
        Packed = Take(memory, ref used, PackedGemm.RightSize(Rows, size));
        PackedTransposed = Take(memory, ref used, PackedGemm.RightSize(size, Rows));
        InverseNorm = Take(memory, ref used, Rows);
        InversePrototypeNorm = Take(memory, ref used, classes);
        TileMax = Take(memory, ref used, (nint)Tiles * Rows);
        TileSum = Take(memory, ref used, (nint)Tiles * Rows);
        RowScale = Take(memory, ref used, Rows);
        TargetCosine = Take(memory, ref used, Rows);
        TargetValue = Take(memory, ref used, Rows);
        RowMax = Take(memory, ref used, Rows);
        RowSum = (double*)Take(memory, ref used, 2 * (nint)Rows);
        Others = Take(memory, ref used, Rows);
        OthersPerSum = Take(memory, ref used, Rows);
        Gain = Take(memory, ref used, Rows);
        Offset = Take(memory, ref used, Rows);
        Reach = Take(memory, ref used, Rows);
        PrototypeSum = Take(memory, ref used, size);
        KeptTiles = (int)Math.Clamp(problem.Budget / (4 * TileLength), 0, Tiles);
        Kept = Take(memory, ref used, KeptTiles * TileLength);
        Length = used;
    }

    /// <summary>N rounded up to whole registers.</summary>
    public int Rows { get; }

    /// <summary>Floats from class to class in a tile; rows 1 KiB apart would evict one another from the cache.</summary>
    public int Step { get; }

    /// <summary>Class tiles: whole tiles of <see cref="Width"/> and a shorter last one.</summary>
    public int Tiles { get; }

    public int Width { get; }

    /// <summary>Groups of consecutive tiles in the backward pass, shorter towards the end so that threads finish together.</summary>
    public int Chunks { get; }

    /// <summary>Floats in all.</summary>
    public nint Length { get; }

    /// <summary>Tiles whose exponentials are kept from forward to backward, the first ones; the others are computed twice.</summary>
    public int KeptTiles { get; }

    /// <summary>[Rows, D], x / ‖x‖.</summary>
    public float* Unit { get; }

    /// <summary>Unit as a packed right factor [Rows, D].</summary>
    public float* Packed { get; }

    /// <summary>Unit as a packed right factor [D, Rows].</summary>
    public float* PackedTransposed { get; }

    /// <summary>[Rows], 1 / ‖x‖, or 0.</summary>
    public float* InverseNorm { get; }

    /// <summary>[Rows], s_i: the scale, times ‖x_i‖ where the problem says so; 0 in the padding.</summary>
    public float* RowScale { get; }

    /// <summary>[Rows], cosine with the own prototype.</summary>
    public float* TargetCosine { get; }

    /// <summary>[Rows], ψ_i.</summary>
    public float* TargetValue { get; }

    /// <summary>[C], 1 / ‖w‖, or 0.</summary>
    public float* InversePrototypeNorm { get; }

    /// <summary>[Tiles, Rows], largest value among the other classes of the tile.</summary>
    public float* TileMax { get; }

    /// <summary>[Tiles, Rows], Σ e^{s·(value − TileMax)} over the other classes of the tile.</summary>
    public float* TileSum { get; }

    /// <summary>[Rows], largest value among the other classes.</summary>
    public float* RowMax { get; }

    /// <summary>[Rows], Σ e^{s·(value − RowMax)} over the other classes.</summary>
    public double* RowSum { get; }

    /// <summary>[Rows], S⁻/S: the probability that is not the target's.</summary>
    public float* Others { get; }

    /// <summary>[Rows], S⁻/S divided by Σ e^{s·(value − RowMax)}; 0 for an ignored row.</summary>
    public float* OthersPerSum { get; }

    /// <summary>[Rows], OthersPerSum times the row's weight and the scale; 0 in the padding.</summary>
    public float* Gain { get; }

    /// <summary>[Rows], −weight·s·ε/C, what label smoothing adds to every dL/dcos; 0 for an ignored row and in the padding.</summary>
    public float* Offset { get; }

    /// <summary>[Rows], 1 / (SparseGradient·Σ e^{s·(value − RowMax)}): terms of the sum pass a gradient if their product with it is above 1; 0
    /// for an ignored row and in the padding.</summary>
    public float* Reach { get; }

    /// <summary>[D], Σ_j w_j/‖w_j‖; only with label smoothing.</summary>
    public float* PrototypeSum { get; }

    /// <summary>[KeptTiles][width of the tile, Step], e^{s·(value − TileMax)}·slope, 0 at the target.</summary>
    public float* Kept { get; }

    public nint TileLength => (nint)Width * Step;

    public bool IsKept(int tile) => tile < KeptTiles;

    public int WidthOf(int tile, int classes) => Math.Min(Width, classes - (tile * Width));

    /// <summary>First tile of a chunk: each takes an eighth of what is left.</summary>
    public int FirstTile(int chunk)
    {
        int first = 0;
        for (int i = 0; i < chunk; i++)
        {
            first += Share(Tiles - first);
        }

        return first;
    }

    private static int CountChunks(int tiles)
    {
        int chunks = 0;
        for (int left = tiles; left > 0; left -= Share(left))
        {
            chunks++;
        }

        return chunks;
    }

    private static int Share(int left) => (left + ChunkShare - 1) / ChunkShare;

    private static float* Take(float* memory, ref nint used, nint floats)
    {
        float* part = memory + used;
        used += (floats + 15) & ~15;
        return part;
    }
}
