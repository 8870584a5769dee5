using System.Numerics;
using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Diagnostics;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>Sizes into which products are cut, by register width. Data only: a new CPU changes numbers here and nothing else.</summary>
internal static class Blocking
{
    /// <summary>Terms of the inner sum that stay in registers before C is touched: a panel of B stays near, C is read and written
    /// rarely.</summary>
    public const int Depth = 512;

    /// <summary>Columns of B packed at a time: Depth × Width floats stay in the last-level cache.</summary>
    public const int Width = 3072;

    /// <summary>Rows of A packed at a time: a multiple of every tile height.</summary>
    public const int Height = 3360;

    /// <summary>Rows of A that stay in the second-level cache while a panel of B passes over them, in register tiles.</summary>
    public const int RowTiles = 8;

    /// <summary>Panels of B in one chunk at most.</summary>
    public const int Panels = 8;

    /// <summary>Operations below which a second thread costs more than it brings.</summary>
    public const long ParallelFlops = 1_000_000;

    /// <summary>Chunks to aim for, so that threads of any number finish together.</summary>
    public const int Chunks = 16;

    /// <summary>Rows this many floats apart, or a multiple, share so few cache sets that a register tile of them evicts itself: rows 2 KiB
    /// apart need seven ways of each set for a tile of 14, which twelve ways (48 KiB) have to spare and eight do not.</summary>
    public static int Aliasing { get; } = CacheSize.FirstLevelData >= 48 * 1024 ? 1024 : 512;

    /// <summary>Floats between rows that are copied to get away from that.</summary>
    public const int RowPadding = 16;

    /// <summary>Rows up to which A·Bᵀ is computed as dot products.</summary>
    public const int DotRows = 4;

    /// <summary>Register tiles of rows up to which B is read as it lies instead of packed.</summary>
    public const int DirectTiles = 1;

    /// <summary>A·Bᵀ is computed as (B·Aᵀ)ᵀ where B has this many times the rows of A: the long factor is then read as it lies, without
    /// packing.</summary>
    public const int SwapRatio = 2;

    /// <summary>Pixels this many floats apart, or a multiple, are copied a little further apart, as rows of a matrix are.</summary>
    public const int PixelAliasing = 512;

    /// <summary>Floats of a source band of a convolution: it shares the second-level cache with the weights.</summary>
    public const int BandFloats = 64 * 1024;

    /// <summary>Output pixels that a band of small images should have, so that results are touched rarely.</summary>
    public const int BandPixels = 384;

    /// <summary>Operations for each float of a partial weight gradient: below, storing and joining it costs more than a few
    /// percent.</summary>
    public const long PartialFlops = 1000;

    /// <summary>Input times output channels up to which 36 transformed copies of the weights stay in the last-level cache.</summary>
    public const long WinogradWeights = 256 * 256;

    /// <summary>Output pixels of a batch from which it pays to do so.</summary>
    public const long WinogradGradientPixels = 4096;

    /// <summary>Output pixels of a batch from which transforming the weights pays.</summary>
    public const long WinogradPixels = 512;

    /// <summary>Floats of transformed tiles that stay in the second-level cache.</summary>
    public const int WinogradFloats = 128 * 1024;

    /// <summary>The same for weight gradients: more, as each group of tiles passes over all sums once.</summary>
    public const int WinogradGradientFloats = 256 * 1024;

    /// <summary>Floats of transformed tiles that threads prepare together, for weight gradients of many channels.</summary>
    public const int WinogradSharedFloats = 4 * 1024 * 1024;

    /// <summary>Channels of each side in a block of such a gradient, at most: 36 sums of it nearly stay in the second-level cache.</summary>
    public const int WinogradBlock = 64;

    /// <summary>Floats of zero-padded images that threads prepare together.</summary>
    public const int SharedFloats = 8 * 1024 * 1024;

    /// <summary>Operations that one chunk of a convolution should have, where there are many.</summary>
    public const long ChunkFlops = 20_000_000;

    /// <summary>Floats of a cache line.</summary>
    public const int LineFloats = 16;

    private const int PageFloats = 1024;

    /// <summary>Most rows that any width puts into a register tile.</summary>
    public const int MaxRows = 14;

    /// <summary>Most columns that any width puts into a register tile.</summary>
    public const int MaxColumns = 32;

    /// <summary>Rows of the register tile: two accumulators each, and room for two vectors of B and one element of A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Rows<S, V>()
        where S : struct, ISimd<V>
        where V : struct => S.Registers >= 32 ? 14 : 6;

    /// <summary>Whether register tiles are small: then what surrounds a term's multiply-adds counts, and the next rows are asked for between tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNarrow<S, V>()
        where S : struct, ISimd<V>
        where V : struct => Rows<S, V>() <= 6;

    /// <summary>Panels that must reuse a copy of A before it pays: few rows evict one another seldom.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CopyPanels<S, V>()
        where S : struct, ISimd<V>
        where V : struct => IsNarrow<S, V>() ? 128 : 2;

    /// <summary>Rows of the register tile where it is turned before it is stored: whole blocks of four. 0 where registers are too few for that:
    /// the eight sums of four rows do not keep two multipliers busy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TurnedRows<S, V>()
        where S : struct, ISimd<V>
        where V : struct => S.Registers >= 32 ? 12 : 0;

    /// <summary>Columns of the register tile, and the width of a packed panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Columns<S, V>()
        where S : struct, ISimd<V>
        where V : struct => 2 * S.Lanes;

    /// <summary>Whether a row of a register tile is whole cache lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool WritesLines<S, V>()
        where S : struct, ISimd<V>
        where V : struct => Columns<S, V>() % LineFloats == 0;

    /// <summary>Output channels of transformed gradients that lie side by side: whole register tiles of rows, and whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int GradientBand<S, V>()
        where S : struct, ISimd<V>
        where V : struct => Rows<S, V>() * S.Lanes / 2;

    /// <summary>Input times output channels up to which each thread keeps 36 transformed weight gradients.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long WinogradSums<S, V>()
        where S : struct, ISimd<V>
        where V : struct => S.Registers >= 32 ? 128 * 128 : 64 * 128;

    /// <summary>Whether a weight gradient copies dy into tiles of neighbouring channels first. Wide tiles use most of each line that they read:
    /// few channels lie close enough together as they are, and few weights do not pay for the copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool PacksGradient<S, V>(in PhaseGeometry g)
        where S : struct, ISimd<V>
        where V : struct => S.Registers >= 32 ? g.Channels >= 128 && g.Taps * g.Depth >= 256 : g.ChannelsPerGroup >= 16;

    /// <summary>Outputs side by side of a depthwise convolution: what they read must stay in the nearest cache until the rest of each line is
    /// read, too, for the next channels. Pixels a multiple of 4 KiB apart share a set of it.</summary>
    public static int SidePixels<S, V>(int channels, int step, int rows, int taps)
        where S : struct, ISimd<V>
        where V : struct
    {
        if (S.Lanes >= LineFloats)
        {
            return TapWindow.Block;
        }

        int sets = Math.Min(PageFloats / LineFloats, PageFloats >> BitOperations.TrailingZeroCount(channels));
        int lines = sets * (CacheSize.FirstLevelData / (PageFloats * sizeof(float))) * 3 / 4;
        return Math.Clamp((((lines / Math.Max(1, rows)) - taps) / step) + 1, 2, TapWindow.Block);
    }

    /// <summary>Width of the panel that starts with <paramref name="columns"/> left: whole vectors, at most two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PanelWidth<S, V>(int columns)
        where S : struct, ISimd<V>
        where V : struct => columns > S.Lanes ? 2 * S.Lanes : S.Lanes;

    /// <summary>How many pieces of a size cover a count; the last may be smaller.</summary>
    public static int Pieces(int count, int size) => (count + size - 1) / size;

    /// <summary>How many output rows make a chunk of a convolution, and, where an image is small, how many images.</summary>
    public static (int Rows, int Images) Bands(in PhaseGeometry g, int pitch)
    {
        long target = Math.Clamp(g.Flops / Chunks, ParallelFlops / 2, ChunkFlops);
        long width = (long)g.Columns.Extent(g.Columns.Outputs, g.Step) * pitch;
        long fitting = ((BandFloats / Math.Max(1, width)) - g.Rows.Extent(1, g.Step)) / g.Step;
        long rows = Math.Min(fitting, target / Math.Max(1, g.RowFlops));
        if (rows >= g.Rows.Outputs)
        {
            long image = Math.Max(1, g.RowFlops * g.Rows.Outputs);
            return (Math.Max(1, g.Rows.Outputs), (int)Math.Clamp(target / image, 1, Math.Max(1, g.Batch)));
        }

        int bands = (int)((g.Rows.Outputs + Math.Max(1, rows) - 1) / Math.Max(1, rows));
        return ((g.Rows.Outputs + bands - 1) / bands, 1);
    }

    /// <summary>Into how many partial sums a weight gradient is cut, and each of those into how many slices of output channels.</summary>
    public static (int Parts, int Slices) Parts(long flops, int size, int bands, int tiles)
    {
        long wanted = Math.Clamp(flops / ParallelFlops, 1, Chunks);
        long parts = Math.Clamp(Math.Min(wanted, flops / (PartialFlops * size)), 1, bands);
        return ((int)parts, (int)Math.Clamp((wanted + parts - 1) / parts, 1, tiles));
    }

    /// <summary>Tiles transformed together: whole register tiles of rows that fit the cache, and groups enough for threads.</summary>
    public static int WinogradGroup<S, V>(int tiles, int fittingTiles)
        where S : struct, ISimd<V>
        where V : struct
    {
        int rows = Rows<S, V>(), fitting = Math.Max(1, fittingTiles / rows);
        int wanted = Math.Max(1, tiles / Chunks / rows);
        return Math.Min(fitting, wanted) * rows;
    }
}
