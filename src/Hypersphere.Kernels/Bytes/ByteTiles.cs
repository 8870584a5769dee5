using System.Runtime.CompilerServices;

namespace Hypersphere.Kernels;

/// <summary>The register tile of <see cref="ByteProducts"/>: up to three left rows by two registers of right ones. Sums stay in named locals: an
/// array of them would live in memory.</summary>
internal static unsafe class ByteTiles<L, B, I>
    where L : struct, IByteLanes<B, I>
    where B : struct
    where I : struct
{
    /// <summary>c[i·ld + j] of M left rows and the right rows of W registers.</summary>
    /// <param name="left">[M,size].</param>
    /// <param name="right">Four bytes of each row of the first register.</param>
    /// <param name="next">Bytes from there to the second register.</param>
    /// <param name="size">Length of a row.</param>
    /// <param name="c">Where the sums of the first register go; those of the second go behind them.</param>
    /// <param name="ld">Numbers from one row of c to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<M, W>(sbyte* left, byte* right, nint next, int size, int* c, nint ld)
        where M : struct, ICount
        where W : struct, ICount
    {
        const int Two = 2 * ByteProducts.Quarter, Group = ByteProducts.Quarter * ByteProducts.Together;
        I s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        for (int k = 0; k < size; k += Two, left += Two, right += 2 * Group)
        {
            B a0 = L.Load(right), b0 = L.Load(right + Group);
            B a1 = W.Count > 1 ? L.Load(right + next) : a0, b1 = W.Count > 1 ? L.Load(right + next + Group) : b0;
            Add<W>(left, a0, b0, a1, b1, ref s00, ref s01);
            if (M.Count > 1)
            {
                Add<W>(left + size, a0, b0, a1, b1, ref s10, ref s11);
            }

            if (M.Count > 2)
            {
                Add<W>(left + (2 * (nint)size), a0, b0, a1, b1, ref s20, ref s21);
            }
        }

        Store<W>(s00, s01, c);
        if (M.Count > 1)
        {
            Store<W>(s10, s11, c + ld);
        }

        if (M.Count > 2)
        {
            Store<W>(s20, s21, c + (2 * ld));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<W>(sbyte* left, B a0, B b0, B a1, B b1, ref I first, ref I second)
        where W : struct, ICount
    {
        B x = L.Repeat(left), y = L.Repeat(left + ByteProducts.Quarter);
        first = L.Add(first, a0, x, b0, y);
        if (W.Count > 1)
        {
            second = L.Add(second, a1, x, b1, y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<W>(I first, I second, int* c)
        where W : struct, ICount
    {
        L.Store(first, c);
        if (W.Count > 1)
        {
            L.Store(second, c + L.Rows);
        }
    }
}
