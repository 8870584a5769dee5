using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Hypersphere.Kernels;

/// <summary>Inner products of rows of bytes, exact in 32 bits, so that every register width gives the same numbers.</summary>
/// <remarks>One side holds 0 … 127, the other −64 … 64: then two products of two bytes each fit the 16 bits in which processors without
/// eight-bit accumulation add them.</remarks>
public static unsafe class ByteProducts
{
    /// <summary>Row lengths must be a multiple of it; pad with zeros.</summary>
    public const int Step = 128;

    /// <summary>Bytes of the right side that stay in the nearest cache while all of the left side pass.</summary>
    private const int NearBytes = 16 * 1024;

    /// <summary>result[i·ld + j] = Σ left[i,k]·right[j,k], on the calling thread.</summary>
    /// <param name="left">[m,size] from −64 to 64.</param>
    /// <param name="m">Rows of the left side.</param>
    /// <param name="right">[n,size] from 0 to 127.</param>
    /// <param name="n">Rows of the right side.</param>
    /// <param name="size">A multiple of <see cref="Step"/>, at most 2¹⁷.</param>
    /// <param name="result">[m,n].</param>
    /// <param name="ld">Numbers from one row of the result to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(sbyte* left, int m, byte* right, int n, int size, int* result, int ld)
    {
        (int rows, int columns) = Avx512BW.IsSupported ? (4, 4) : Avx2.IsSupported ? (3, 2) : (1, 1);
        (int wholeRows, int wholeColumns) = (m / rows * rows, n / columns * columns);
        int near = Math.Max(NearBytes / Math.Max(size, 1) / columns, 1) * columns;
        for (int from = 0; from < wholeColumns; from += near)
        {
            int to = Math.Min(from + near, wholeColumns);
            for (int i = 0; i < wholeRows; i += rows)
            {
                for (int j = from; j < to; j += columns)
                {
                    Tile(left + ((nint)i * size), right + ((nint)j * size), size, result + ((nint)i * ld) + j, ld);
                }
            }
        }

        Rest(left, 0, wholeRows, right, wholeColumns, n, size, result, ld);
        Rest(left, wholeRows, m, right, 0, n, size, result, ld);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile(sbyte* l, byte* r, int size, int* to, int ld)
    {
        if (Avx512BW.IsSupported)
        {
            ByteTiles.FourByFour(l, r, size, to, ld);
        }
        else if (Avx2.IsSupported)
        {
            ByteTiles.ThreeByTwo(l, r, size, to, ld);
        }
        else
        {
            *to = ByteTiles.Portable(l, r, size);
        }
    }

    private static void Rest(sbyte* left, int fromRow, int toRow, byte* right, int fromColumn, int toColumn, int size, int* result, int ld)
    {
        for (int i = fromRow; i < toRow; i++)
        {
            for (int j = fromColumn; j < toColumn; j++)
            {
                result[((nint)i * ld) + j] = ByteTiles.One(left + ((nint)i * size), right + ((nint)j * size), size);
            }
        }
    }
}
