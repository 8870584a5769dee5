using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypersphere.Kernels;

/// <summary>Inner products of rows of bytes, exact in 32 bits, so that every register width gives the same numbers.</summary>
/// <remarks>The right side holds 0 … 127. Processors without eight-bit accumulation add products of bytes in 16 bits, here eight of them
/// before they go on in 32, so what eight numbers of the left side come to is bounded (<see cref="MostOfEight"/>). The right side is packed, four
/// bytes of sixteen rows side by side: each lane of a register sums one row, and no lanes must be added up at the end.</remarks>
public static unsafe class ByteProducts
{
    /// <summary>Row lengths must be a multiple of it; pad with zeros.</summary>
    public const int Step = 16;

    /// <summary>What <see cref="LargestEight"/> of a left row may be: times 127 it fits 16 bits.</summary>
    public const int MostOfEight = short.MaxValue / sbyte.MaxValue;

    /// <summary>Packed rows that lie together.</summary>
    public const int Together = 16;

    /// <summary>Bytes of a row that lie together.</summary>
    internal const int Quarter = 4;

    private const int LeftRows = 3;

    /// <summary>Bytes that <paramref name="n"/> packed rows of <paramref name="size"/> take.</summary>
    public static long PackedLength(int n, int size) => ((long)n + Together - 1) / Together * Together * size;

    /// <summary>Puts a row into the packed right side, which begins as zeros.</summary>
    /// <param name="row">[size] from 0 to 127.</param>
    /// <param name="index">Which row it is.</param>
    /// <param name="size">A multiple of <see cref="Step"/>.</param>
    /// <param name="packed"><see cref="PackedLength"/> bytes.</param>
    public static void Pack(byte* row, int index, int size, byte* packed)
    {
        packed += ((long)(index / Together) * Together * size) + (index % Together * Quarter);
        for (int k = 0; k < size; k += Quarter, packed += Quarter * Together)
        {
            *(int*)packed = *(int*)(row + k);
        }
    }

    /// <summary>The greatest sum of magnitudes of eight numbers that are added up in 16 bits: of each sixteen, those with an even half of
    /// their index, and those with an odd one.</summary>
    public static float LargestEight(ReadOnlySpan<float> row)
    {
        float largest = 0;
        for (int start = 0; start < row.Length; start += Step)
        {
            float even = 0, odd = 0;
            for (int k = start; k < Math.Min(start + Step, row.Length); k++)
            {
                (even, odd) = (k & 2) == 0 ? (even + MathF.Abs(row[k]), odd) : (even, odd + MathF.Abs(row[k]));
            }

            largest = MathF.Max(largest, MathF.Max(even, odd));
        }

        return largest;
    }

    /// <summary>result[i·ld + j] = Σ left[i,k]·right[j,k], on the calling thread.</summary>
    /// <param name="left">[m,size], in each row at most <see cref="MostOfEight"/>.</param>
    /// <param name="m">Rows of the left side.</param>
    /// <param name="packed">The right side from a multiple of <see cref="Together"/> rows on, best aligned to 64 bytes.</param>
    /// <param name="n">Rows of the right side.</param>
    /// <param name="size">A multiple of <see cref="Step"/>, at most 2¹⁷.</param>
    /// <param name="result">[m,n].</param>
    /// <param name="ld">Numbers from one row of the result to the next.</param>
    public static void Multiply(sbyte* left, int m, byte* packed, int n, int size, int* result, int ld)
    {
        if (Avx512BW.IsSupported)
        {
            Multiply<ByteLanes512, Vector512<byte>, Vector512<short>, Vector512<int>>(left, m, packed, n, size, result, ld);
        }
        else if (Avx2.IsSupported)
        {
            Multiply<ByteLanes256, Vector256<byte>, Vector256<short>, Vector256<int>>(left, m, packed, n, size, result, ld);
        }
        else
        {
            Multiply<ByteLanes128, Vector128<byte>, Vector128<short>, Vector128<int>>(left, m, packed, n, size, result, ld);
        }
    }

    /// <summary>At one register width. All left rows pass while two registers' right rows stay in the nearest cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply<L, B, S, I>(sbyte* left, int m, byte* packed, int n, int size, int* result, int ld)
        where L : struct, IByteLanes<B, S, I>
        where B : struct
        where S : struct
        where I : struct
    {
        int two = 2 * L.Rows, whole = n / two * two;
        for (int j = 0; j < whole; j += two)
        {
            Rows<L, B, S, I>(left, m, At(packed, j, size), At(packed, j + L.Rows, size), size, result + j, ld);
        }

        int* sums = stackalloc int[L.Rows];
        for (int j = whole; j < n; j += L.Rows)
        {
            byte* right = At(packed, j, size);
            for (int i = 0; i < m; i++)
            {
                ByteTiles<L, B, S, I>.Run<Count1, Count1>(left + ((nint)i * size), right, 0, size, sums, 0);
                new ReadOnlySpan<int>(sums, Math.Min(L.Rows, n - j)).CopyTo(new(result + ((nint)i * ld) + j, L.Rows));
            }
        }
    }

    private static void Rows<L, B, S, I>(sbyte* left, int m, byte* right, byte* second, int size, int* c, int ld)
        where L : struct, IByteLanes<B, S, I>
        where B : struct
        where S : struct
        where I : struct
    {
        nint next = (nint)(second - right);
        int i = 0;
        for (; i <= m - LeftRows; i += LeftRows)
        {
            ByteTiles<L, B, S, I>.Run<Count3, Count2>(left + ((nint)i * size), right, next, size, c + ((nint)i * ld), ld);
        }

        for (; i < m; i++)
        {
            ByteTiles<L, B, S, I>.Run<Count1, Count2>(left + ((nint)i * size), right, next, size, c + ((nint)i * ld), ld);
        }
    }

    /// <summary>Where the first four bytes of a row are.</summary>
    private static byte* At(byte* packed, int row, int size) =>
        packed + ((long)(row / Together) * Together * size) + (row % Together * Quarter);
}
