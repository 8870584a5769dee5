using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>What a pass over register tiles will need after it: asked for a line at a time between the multiplications, so that it lies in the
/// second-level cache by then.</summary>
/// <param name="start">Where it begins.</param>
/// <param name="floats">How much of it there is.</param>
internal readonly unsafe struct Ahead(float* start, nint floats)
{
    public float* Start => start;

    /// <summary>A panel of B. Nothing for small tiles: a panel comes line after line, which the processor foresees, and is there in time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Ahead Panel<S, V>(float* start, nint floats)
        where S : struct, ISimd<V>
        where V : struct => Blocking.IsNarrow<S, V>() ? default : new(start, floats);

    /// <summary>The <paramref name="i"/>-th of so many parts of it.</summary>
    public Ahead Part(int i, int parts) => start is null ? default : new(start + (floats * i / parts), floats / parts);

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
