using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Hypersphere.Kernels;

/// <summary>What a pass over register tiles will need after it: asked for a line at a time between the multiplications, so that it lies in the
/// second-level cache by then.</summary>
/// <param name="start">Where it begins.</param>
/// <param name="floats">How much of it there is.</param>
internal readonly unsafe struct Ahead(float* start, nint floats)
{
    public float* Start { get; } = start;

    /// <summary>Floats for each of <paramref name="tiles"/> tiles.</summary>
    public nint OfTile(int tiles) => tiles == 0 ? 0 : (floats + tiles - 1) / tiles;

    /// <summary>Floats for each of the <paramref name="terms"/> terms of a tile's sums: at most a line.</summary>
    public nint OfTerm(int tiles, int terms) => terms == 0 ? 0 : Math.Min(Blocking.LineFloats, (OfTile(tiles) + terms - 1) / terms);

    /// <summary>Asks for all of it at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask(float* start, nint floats)
    {
        for (nint i = 0; i < floats && Sse.IsSupported; i += Blocking.LineFloats)
        {
            Sse.Prefetch1(start + i);
        }
    }
}
