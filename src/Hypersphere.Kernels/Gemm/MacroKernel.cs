using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>Passes a packed panel of B over all rows of A, one register tile at a time, on the calling thread.</summary>
[SkipLocalsInit]
internal static unsafe class MacroKernel<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
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
        int tiles = (m + a.TileRows - 1) / a.TileRows;
        float** rows = stackalloc float*[Blocking.MaxRows];
        nint zero = 0;
        TileJob job = new()
        {
            A = a.Pointer,
            AStep = a.Step,
            Rows = rows,
            B = panel,
            BStep = step,
            Ahead = ahead.Start,
            AheadStep = ahead.OfTerm(tiles, k),
            AOffsets = &zero,
            BOffsets = &zero,
            Segments = 1,
            Length = k,
        };
        int vectors = Vectors(columns);
        bool whole = IsWhole(columns, output);
        job.To(output);
        for (int r = 0; r < m; r += a.TileRows, job.A += a.TileStep, job.Ahead += ahead.OfTile(tiles))
        {
            int count = Math.Min(a.TileRows, m - r);
            for (int i = 0; i < count && a.IsByRows; i++)
            {
                rows[i] = job.A + (i * a.Step);
            }

            if (whole)
            {
                Dispatch(job, a.IsByRows, count, vectors);
                job.C += a.TileRows * job.CStep;
                job.Init += a.TileRows * job.InitStep;
            }
            else
            {
                Tile(ref job, a.IsByRows, count, columns, output.At(r, 0));
            }
        }
    }

    /// <summary>One register tile; what cannot be stored whole goes through a temporary tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile(ref TileJob job, bool byRows, int rows, int columns, in Output output)
    {
        int vectors = Vectors(columns);
        if (IsWhole(columns, output))
        {
            job.To(output);
            Dispatch(job, byRows, rows, vectors);
            return;
        }

        float* tile = stackalloc float[Blocking.MaxRows * Blocking.MaxColumns];
        output.Prefetch(output.IsTransposed ? columns : rows);
        job.To(new Output(tile, Blocking.MaxColumns));
        Dispatch(job, byRows, rows, vectors);
        if (output.IsTransposed)
        {
            float* turned = stackalloc float[16 * Blocking.MaxColumns];
            Packing.Transpose(tile, Blocking.MaxColumns, columns, rows, rows, turned, 16);
            output.Write(turned, 16, columns, rows);
        }
        else
        {
            output.Write(tile, Blocking.MaxColumns, rows, columns);
        }
    }

    private static int Vectors(int columns) => columns > S.Lanes ? 2 : 1;

    /// <summary>Whether tiles are stored as they are.</summary>
    private static bool IsWhole(int columns, in Output output) => columns == Vectors(columns) * S.Lanes && !output.IsTransposed;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dispatch(in TileJob job, bool byRows, int rows, int vectors)
    {
        if (byRows)
        {
            Dispatch<ByRows>(job, rows, vectors);
        }
        else
        {
            Dispatch<ByColumns>(job, rows, vectors);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Dispatch<L>(in TileJob job, int rows, int vectors)
        where L : struct, ILeftFactor
    {
        switch (rows)
        {
            case 1: Dispatch<L, Count1>(job, vectors); break;
            case 2: Dispatch<L, Count2>(job, vectors); break;
            case 3: Dispatch<L, Count3>(job, vectors); break;
            case 4: Dispatch<L, Count4>(job, vectors); break;
            case 5: Dispatch<L, Count5>(job, vectors); break;
            case 6: Dispatch<L, Count6>(job, vectors); break;
            case 7: Dispatch<L, Count7>(job, vectors); break;
            case 8: Dispatch<L, Count8>(job, vectors); break;
            case 9: Dispatch<L, Count9>(job, vectors); break;
            case 10: Dispatch<L, Count10>(job, vectors); break;
            case 11: Dispatch<L, Count11>(job, vectors); break;
            case 12: Dispatch<L, Count12>(job, vectors); break;
            case 13: Dispatch<L, Count13>(job, vectors); break;
            default: Dispatch<L, Count14>(job, vectors); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Dispatch<L, R>(in TileJob job, int vectors)
        where L : struct, ILeftFactor
        where R : struct, ICount
    {
        if (vectors > 1)
        {
            MicroKernel.Run<S, V, R, Count2, L>(job);
        }
        else
        {
            MicroKernel.Run<S, V, R, Count1, L>(job);
        }
    }
}
