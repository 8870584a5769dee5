using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>The 4×4 tiles of outputs of a batch, counted over images, and the 6×6 patches of the source that they see.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Height">Rows of the output.</param>
/// <param name="Width">Columns of the output.</param>
/// <param name="SourceHeight">Rows of the source.</param>
/// <param name="SourceWidth">Columns of the source.</param>
/// <param name="Channels">Channels of the source.</param>
/// <param name="Padding">Zeros before the first row and column; negative leaves source pixels out.</param>
internal readonly record struct WinogradTiles(
    int Batch, int Height, int Width, int SourceHeight, int SourceWidth, int Channels, int Padding)
{
    private const int Side = 4;
    private const int Patch = 6;

    public int Rows => (Height + Side - 1) / Side;

    public int Columns => (Width + Side - 1) / Side;

    public int Count => Batch * Rows * Columns;

    /// <summary>Floats from point to point for <paramref name="floats"/> of each: an odd number of cache lines, so that the points of a
    /// tile fall
    /// onto different cache sets.</summary>
    public static nint Spread(int floats) => (((floats + 15) / 16) | 1) * 16;

    /// <summary>Image, first output row and first output column of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Image, int Row, int Column) At(int tile) =>
        (tile / Columns / Rows, tile / Columns % Rows * Side, tile % Columns * Side);

    /// <summary>The patch of a tile: in the image itself, or copied with zeros around it where it reaches over the edge.</summary>
    public unsafe float* Source<S, V>(float* source, int tile, float* copy, out nint rowPitch)
        where S : struct, ISimd<V>
        where V : struct
    {
        (int image, int row, int column) = At(tile);
        (row, column) = (row - Padding, column - Padding);
        return Rectangle<S, V>(source + ((nint)image * SourceHeight * SourceWidth * Channels), row, column, Patch, copy, out rowPitch);
    }

    /// <summary>The outputs of a tile, likewise.</summary>
    public unsafe float* Outputs<S, V>(float* outputs, int channels, int tile, float* copy, out nint rowPitch)
        where S : struct, ISimd<V>
        where V : struct
    {
        (int image, int row, int column) = At(tile);
        WinogradTiles turned = this with { SourceHeight = Height, SourceWidth = Width, Channels = channels };
        return turned.Rectangle<S, V>(outputs + ((nint)image * Height * Width * channels), row, column, Side, copy, out rowPitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe float* Rectangle<S, V>(float* image, int row, int column, int side, float* copy, out nint rowPitch)
        where S : struct, ISimd<V>
        where V : struct
    {
        if (row >= 0 && column >= 0 && row + side <= SourceHeight && column + side <= SourceWidth)
        {
            rowPitch = (nint)SourceWidth * Channels;
            return image + (row * rowPitch) + ((nint)column * Channels);
        }

        rowPitch = (nint)side * Channels;
        int left = Math.Clamp(-column, 0, side), right = Math.Clamp(column + side - SourceWidth, 0, side - left);
        int start = left * Channels, end = (side - right) * Channels;
        for (int r = row; r < row + side; r++, copy += rowPitch)
        {
            float* line = image + ((((nint)r * SourceWidth) + column) * Channels);
            bool inside = r >= 0 && r < SourceHeight;
            Clear<S, V>(copy, 0, inside ? start : (int)rowPitch);
            for (int i = start; i < end && inside; i += S.Lanes)
            {
                S.Store(S.Load(line + i), copy + i);
            }

            Clear<S, V>(copy, end, (int)rowPitch);
        }

        return copy - (side * rowPitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Clear<S, V>(float* line, int from, int to)
        where S : struct, ISimd<V>
        where V : struct
    {
        for (int i = from; i < to; i += S.Lanes)
        {
            S.Store(S.Zero, line + i);
        }
    }
}
