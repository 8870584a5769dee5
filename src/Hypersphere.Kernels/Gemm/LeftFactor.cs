namespace Hypersphere.Kernels;

/// <summary>The left factor of a product on packed panels, in one of the forms that the micro-kernel reads directly.</summary>
internal readonly unsafe struct LeftFactor
{
    private LeftFactor(float* pointer, bool byRows, nint step, int tileRows, nint tileStep)
    {
        Pointer = pointer;
        IsByRows = byRows;
        Step = step;
        TileRows = tileRows;
        TileStep = tileStep;
    }

    public float* Pointer { get; }

    /// <summary>Whether k is contiguous within a row; otherwise rows are contiguous for each k.</summary>
    public bool IsByRows { get; }

    /// <summary>Floats from row to row, or from k to k.</summary>
    public nint Step { get; }

    /// <summary>Rows of a register tile.</summary>
    public int TileRows { get; }

    /// <summary>Floats from one register tile of rows to the next.</summary>
    public nint TileStep { get; }

    /// <summary>A matrix [m,k] as it lies: element (r, k) at pointer[r·ld + k].</summary>
    public static LeftFactor Rows(float* pointer, nint ld, int tileRows) => new(pointer, true, ld, tileRows, ld * tileRows);

    /// <summary>A matrix [k,m] as it lies, read transposed: element (r, k) at pointer[k·ld + r].</summary>
    public static LeftFactor Columns(float* pointer, nint ld, int tileRows) => new(pointer, false, ld, tileRows, tileRows);

    /// <summary>Packed panels of a transposed matrix, one register tile of rows after the other, each k-major.</summary>
    public static LeftFactor Panels(float* pointer, int depth, int tileRows) =>
        new(pointer, false, tileRows, tileRows, (nint)tileRows * depth);

    /// <summary>The same factor from row <paramref name="row"/> on, the first of a register tile.</summary>
    public LeftFactor From(int row) => new(Pointer + (row / TileRows * TileStep), IsByRows, Step, TileRows, TileStep);

    /// <summary>As many rows after the first <paramref name="rows"/>, where rows lie whole one after the other; otherwise nothing.</summary>
    public Ahead Following(int rows, int k) =>
        IsByRows && Step < 2 * k ? new(Pointer + (rows * Step), rows * Step) : default;

    /// <summary>The same factor without its first <paramref name="k"/> terms.</summary>
    public LeftFactor Skip(int k) => new(Pointer + (IsByRows ? k : k * Step), IsByRows, Step, TileRows, TileStep);
}
