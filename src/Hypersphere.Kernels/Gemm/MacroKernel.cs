using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>Passes a packed panel of B over all rows of A, one register tile at a time, on the calling thread.</summary>
[SkipLocalsInit]
internal static unsafe class MacroKernel<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    /// <summary>C[0…m, 0…n) = Init + A·B over panels that lie packed one after the other: blocks of rows that stay in the second-level cache, over
    /// which each panel passes.</summary>
    /// <param name="a">Left factor.</param>
    /// <param name="m">Rows.</param>
    /// <param name="k">Terms of the sum.</param>
    /// <param name="packed">The first panel.</param>
    /// <param name="n">Columns.</param>
    /// <param name="output">Where element (0, 0) goes.</param>
    /// <param name="after">The rows that are multiplied after these.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in LeftFactor a, int m, int k, float* packed, int n, in Output output, Ahead after = default)
    {
        int height = Blocking.RowTiles * a.TileRows, panel = Blocking.Columns<S, V>(), panels = Blocking.Pieces(n, panel);
        for (int row = 0; row < m; row += height)
        {
            LeftFactor left = a.From(row);
            int rows = Math.Min(height, m - row);
            Ahead next = row + height < m ? left.Following(rows, k) : after;
            for (int i = 0; i < panels; i++)
            {
                float* right = packed + ((nint)i * panel * k);
                Ahead ahead = Blocking.IsNarrow<S, V>() ? next.Part(i, panels)
                    : i + 1 < panels ? Ahead.Panel<S, V>(right + ((nint)panel * k), (nint)panel * k) : next;
                Panel(left, rows, k, right, Math.Min(panel, n - (i * panel)), output.At(row, i * panel), ahead);
            }
        }
    }

    /// <summary>C[0…m, 0…columns) = Init + A·B over one panel.</summary>
    /// <param name="a">Left factor; its tile step says how many rows a register tile takes.</param>
    /// <param name="m">Rows.</param>
    /// <param name="k">Terms of the sum.</param>
    /// <param name="panel">k rows of the panel's width, which <see cref="Blocking.PanelWidth"/> gives for <paramref
    /// name="columns"/>.</param>
    /// <param name="columns">Valid columns of the panel, at most its width.</param>
    /// <param name="output">Where element (0, 0) goes.</param>
    /// <param name="ahead">What is needed next.</param>
    public static void Panel(in LeftFactor a, int m, int k, float* panel, int columns, in Output output, Ahead ahead = default) =>
        Panel(a, m, k, panel, Blocking.PanelWidth<S, V>(columns), columns, output, ahead);

    /// <summary>The same on vectors of B that lie <paramref name="step"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel(in LeftFactor a, int m, int k, float* panel, nint step, int columns, in Output output, Ahead ahead = default)
    {
        int tile = a.TileRows, tiles = Blocking.Pieces(m, tile), vectors = Vectors(columns);
        nint zero = 0, aheadOfTile = ahead.OfTile(tiles);
        TileJob job = new()
        {
            A = a.Pointer,
            AStep = a.Step,
            B = panel,
            BStep = step,
            Ahead = ahead.Start,
            AheadStep = ahead.OfTerm(tiles, k),
            AOffsets = &zero,
            BOffsets = &zero,
            Segments = 1,
            Length = k,
        };
        bool whole = IsWhole(columns, output);
        job.To(output);
        delegate*<in TileJob, void> kernel = whole ? Kernel(a.IsByRows, Math.Min(tile, m), vectors) : null;
        for (int r = 0; r < m; r += tile, job.A += a.TileStep, job.Ahead += aheadOfTile)
        {
            if (Blocking.IsNarrow<S, V>() && aheadOfTile > 0)
            {
                Ahead.Ask(job.Ahead, aheadOfTile);
            }

            int rows = Math.Min(tile, m - r);
            if (!whole)
            {
                InParts(ref job, Kernel(a.IsByRows, rows, vectors), rows, columns, output.At(r, 0));
                continue;
            }

            kernel = rows < tile ? Kernel(a.IsByRows, rows, vectors) : kernel;
            kernel(job);
            job.C += tile * job.CStep;
            job.Init += tile * job.InitStep;
        }
    }

    /// <summary>One register tile whose left factor lies in segments: by rows that <see cref="TileJob.Rows"/> lists, or by columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile(ref TileJob job, bool byRows, int rows, int columns, in Output output)
    {
        int vectors = Vectors(columns);
        delegate*<in TileJob, void> kernel = byRows ? Kernel<ByRows>(rows, vectors) : Kernel<ByColumns>(rows, vectors);
        if (IsWhole(columns, output))
        {
            job.To(output);
            kernel(job);
        }
        else
        {
            InParts(ref job, kernel, rows, columns, output);
        }
    }

    /// <summary>A tile that cannot be stored whole: by way of a temporary one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InParts(ref TileJob job, delegate*<in TileJob, void> kernel, int rows, int columns, in Output output)
    {
        float* tile = stackalloc float[Blocking.MaxRows * Blocking.MaxColumns];
        output.Prefetch(output.IsTransposed ? columns : rows);
        job.To(new Output(tile, Blocking.MaxColumns));
        kernel(job);
        if (output.IsTransposed)
        {
            float* turned = stackalloc float[16 * Blocking.MaxColumns];
            Packing.Transpose(tile, Blocking.MaxColumns, columns, rows, rows, turned, 16);
            output.Write(turned, 16, columns, rows);
            return;
        }

        output.Write(tile, Blocking.MaxColumns, rows, columns);
        if (output.Slopes is not null)
        {
            Rectifier.Apply<S, V>(output.C, output.Step, rows, columns, output.Slopes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Vectors(int columns) => columns > S.Lanes ? 2 : 1;

    /// <summary>Whether tiles are stored as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsWhole(int columns, in Output output) => columns == Vectors(columns) * S.Lanes && !output.IsTransposed;

    private static delegate*<in TileJob, void> Kernel(bool byRows, int rows, int vectors) =>
        byRows ? Kernel<BySteps>(rows, vectors) : Kernel<ByColumns>(rows, vectors);

    private static delegate*<in TileJob, void> Kernel<L>(int rows, int vectors)
        where L : struct, ILeftFactor => vectors > 1 ? Kernel<L, Count2>(rows) : Kernel<L, Count1>(rows);

    private static delegate*<in TileJob, void> Kernel<L, W>(int rows)
        where L : struct, ILeftFactor
        where W : struct, ICount => Blocking.IsNarrow<S, V>() ? NarrowKernel<L, W>(rows) : WideKernel<L, W>(rows);

    private static delegate*<in TileJob, void> NarrowKernel<L, W>(int rows)
        where L : struct, ILeftFactor
        where W : struct, ICount => rows switch
        {
            1 => &MicroKernel.Narrow<S, V, Count1, W, L>,
            2 => &MicroKernel.Narrow<S, V, Count2, W, L>,
            3 => &MicroKernel.Narrow<S, V, Count3, W, L>,
            4 => &MicroKernel.Narrow<S, V, Count4, W, L>,
            5 => &MicroKernel.Narrow<S, V, Count5, W, L>,
            _ => W.Count > 1 ? &MicroKernel.Whole<S, V, L> : &MicroKernel.Narrow<S, V, Count6, W, L>,
        };

    private static delegate*<in TileJob, void> WideKernel<L, W>(int rows)
        where L : struct, ILeftFactor
        where W : struct, ICount => rows switch
        {
            1 => &MicroKernel.Wide<S, V, Count1, W, L>,
            2 => &MicroKernel.Wide<S, V, Count2, W, L>,
            3 => &MicroKernel.Wide<S, V, Count3, W, L>,
            4 => &MicroKernel.Wide<S, V, Count4, W, L>,
            5 => &MicroKernel.Wide<S, V, Count5, W, L>,
            6 => &MicroKernel.Wide<S, V, Count6, W, L>,
            7 => &MicroKernel.Wide<S, V, Count7, W, L>,
            8 => &MicroKernel.Wide<S, V, Count8, W, L>,
            9 => &MicroKernel.Wide<S, V, Count9, W, L>,
            10 => &MicroKernel.Wide<S, V, Count10, W, L>,
            11 => &MicroKernel.Wide<S, V, Count11, W, L>,
            12 => &MicroKernel.Wide<S, V, Count12, W, L>,
            13 => &MicroKernel.Wide<S, V, Count13, W, L>,
            _ => &MicroKernel.Wide<S, V, Count14, W, L>,
        };
}
