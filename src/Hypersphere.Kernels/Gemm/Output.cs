using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypersphere.Kernels;

/// <summary>Where a product goes and what it is added to, as it lies or transposed.</summary>
/// <param name="c">Element (0, 0).</param>
/// <param name="step">Floats from one stored row to the next.</param>
/// <param name="init">What the sums are added to, stored in the same way: the same memory, a bias, or null for nothing.</param>
/// <param name="initStep">Floats from one stored row of it to the next; zero repeats one row.</param>
/// <param name="isTransposed">Element (r, j) is stored at c[j·step + r] instead of c[r·step + j].</param>
/// <param name="streams">Whole tiles are stored past the caches.</param>
/// <param name="slopes">A factor for each column of what is below 0 (PReLU), of results that are not transposed; null for none.</param>
internal readonly unsafe struct Output(float* c, nint step, float* init = null, nint initStep = 0, bool isTransposed = false,
    bool streams = false, float* slopes = null)
{
    public float* C { get; } = c;

    public nint Step { get; } = step;

    public float* Init { get; } = init;

    public nint InitStep { get; } = initStep;

    public bool IsTransposed { get; } = isTransposed;

    public bool Streams { get; } = streams;

    public float* Slopes { get; } = slopes;

    /// <summary>The part that starts at element (row, column).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Output At(nint row, nint column)
    {
        (nint outer, nint inner) = IsTransposed ? (column, row) : (row, column);
        float* start = Init is null ? null : Init + (outer * InitStep) + inner;
        return new(C + (outer * Step) + inner, Step, start, InitStep, IsTransposed, Streams, Slopes is null ? null : Slopes + column);
    }

    /// <summary>Asks for the first line of each stored row, so that it has arrived when the tile is done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int rows)
    {
        float* line = C;
        for (int r = 0; r < rows && Sse.IsSupported; r++, line += Step)
        {
            Sse.Prefetch1(line);
        }
    }

    /// <summary>Writes a finished tile that lies as this output does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(float* tile, nint tileStep, int rows, int columns)
    {
        float* target = C, start = Init;
        for (int r = 0; r < rows; r++, tile += tileStep, target += Step, start += InitStep)
        {
            int j = 0;
            for (; j <= columns - Vector128<float>.Count; j += Vector128<float>.Count)
            {
                Vector128<float> sum = Vector128.Load(tile + j);
                (Init is null ? sum : sum + Vector128.Load(start + j)).Store(target + j);
            }

            for (; j < columns; j++)
            {
                target[j] = Init is null ? tile[j] : tile[j] + start[j];
            }
        }
    }
}
