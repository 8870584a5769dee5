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
        (int rows, int columns) = Avx512BW.IsSupported ? (4, 4) : Avx2.IsSupported ? (2, 2) : (1, 1);
        for (int j = 0; j + columns <= n; j += columns)
        {
            byte* r = right + ((nint)j * size);
            for (int i = 0; i + rows <= m; i += rows)
            {
                sbyte* l = left + ((nint)i * size);
                int* to = result + ((nint)i * ld) + j;
                if (Avx512BW.IsSupported)
                {
                    ByteTiles.FourByFour(l, r, size, to, ld);
                }
                else if (Avx2.IsSupported)
                {
                    ByteTiles.TwoByTwo(l, r, size, to, ld);
                }
                else
                {
                    *to = ByteTiles.Portable(l, r, size);
                }
            }
        }

        (int wholeRows, int wholeColumns) = (m / rows * rows, n / columns * columns);
        Rest(left, 0, wholeRows, right, wholeColumns, n, size, result, ld);
        Rest(left, wholeRows, m, right, 0, n, size, result, ld);
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
