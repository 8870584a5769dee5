using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>Products on operands that the caller packs once and uses several times, on the calling thread alone: the parts of a fused
/// op.</summary>
/// <remarks>
/// The right factor is packed into panels: <c>PackRight</c> or <c>PackRightTransposed</c>. The left factor is read as it lies, by rows (<c>Rows</c>) or transposed (<c>Columns</c>), and needs
/// no packing.
/// With E [N,D], a tile W of T class rows, and Eᵀ and E packed once a step (<c>PackRightTransposed(E, D, D, N)</c>, <c>PackRight(E, D,
/// N, D)</c>):
/// cosines Pᵀ [T,N] = <c>Multiply(Rows(W, D), T, N, D, packedEᵀ)</c>, scaled by row afterwards;
/// dE [N,D] += P·W = <c>Multiply(Columns(Pᵀ, N), N, D, T, packedW, accumulate)</c> with <c>PackRight(W, D, T, D)</c>;
/// dW [T,D] = Pᵀ·E = <c>Multiply(Rows(Pᵀ, N), T, D, N, packedE)</c>. So W is packed once a step, and nothing is transposed.
/// Rows a multiple of 256 floats apart evict one another from the nearest cache: give a tile of your own a step of 16 more.
/// </remarks>
internal static unsafe class PackedGemm
{
    /// <summary>Rows of a register tile. Row counts that are a multiple of it run fastest.</summary>
    public static int TileRows { get; } = TileSize.Measure().Rows;

    /// <summary>Columns of a panel. Counts that are a multiple of it run fastest; columns from a multiple of it on can be
    /// addressed.</summary>
    public static int PanelColumns { get; } = TileSize.Measure().Columns;

    /// <summary>Floats that a packed right factor [k,n] takes.</summary>
    public static nint RightSize(int k, int n) => (nint)k * ((n + PanelColumns - 1) / PanelColumns * PanelColumns);

    /// <summary>Left factor [m,k], element (r, k) at a[r·ld + k].</summary>
    public static LeftFactor Rows(float* a, nint ld) => LeftFactor.Rows(a, ld, TileRows);

    /// <summary>Left factor [m,k] that lies transposed, element (r, k) at a[k·ld + r].</summary>
    public static LeftFactor Columns(float* a, nint ld) => LeftFactor.Columns(a, ld, TileRows);

    /// <summary>Packs the right factor [k,n] from rows b[k·ld + j].</summary>
    /// <param name="b">[k,n].</param>
    /// <param name="ld">Floats from row to row.</param>
    /// <param name="k">Terms of the sum.</param>
    /// <param name="n">Columns.</param>
    /// <param name="packed"><see cref="RightSize"/> floats, best aligned to 64 bytes.</param>
    public static void PackRight(float* b, int ld, int k, int n, float* packed) =>
        Packing.CopyPanels(b, ld, k, n, PanelColumns, PanelColumns / 2, packed);

    /// <summary>Packs the right factor [k,n] = Bᵀ from rows b[j·ld + k].</summary>
    /// <param name="b">[n,k].</param>
    /// <param name="ld">Floats from row to row.</param>
    /// <param name="k">Terms of the sum.</param>
    /// <param name="n">Columns of the factor, rows of B.</param>
    /// <param name="packed"><see cref="RightSize"/> floats, best aligned to 64 bytes.</param>
    public static void PackRightTransposed(float* b, int ld, int k, int n, float* packed)
    {
        int panel = PanelColumns;
        for (int j = 0; j < n; j += panel)
        {
            int columns = Math.Min(panel, n - j), width = columns > panel / 2 ? panel : panel / 2;
            Packing.Transpose(b + ((nint)j * ld), ld, k, columns, width, packed + ((nint)j * k), width);
        }
    }

    /// <summary>C[m,n] = A·B, plus C when accumulating.</summary>
    /// <param name="a">From <see cref="Rows"/> or <see cref="Columns"/>.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Terms of the sum, as packed.</param>
    /// <param name="packed">The packed right factor; start at packed + j·k for the columns from j on, a multiple of <see
    /// cref="PanelColumns"/>.</param>
    /// <param name="c">Result.</param>
    /// <param name="ldc">Floats from row to row.</param>
    /// <param name="accumulate">Add to C instead of overwriting it.</param>
    public static void Multiply(in LeftFactor a, int m, int n, int k, float* packed, float* c, int ldc, bool accumulate = false)
    {
        Product product = new(a, m, n, k, packed, accumulate ? new(c, ldc, c, ldc) : new(c, ldc));
        Widest.Run(ref product);
    }

    private struct TileSize : IWidthAction
    {
        public int Rows { get; private set; }

        public int Columns { get; private set; }

        public static TileSize Measure()
        {
            TileSize size = default;
            Widest.Run(ref size);
            return size;
        }

        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct => (Rows, Columns) = (Blocking.Rows<S, V>(), Blocking.Columns<S, V>());
    }

    private readonly struct Product(LeftFactor a, int m, int n, int k, float* packed, Output output) : IWidthAction
    {
        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct => MacroKernel<S, V>.Multiply(a, m, k, packed, n, output);
    }
}
