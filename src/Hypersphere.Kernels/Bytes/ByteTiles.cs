using System.Runtime.CompilerServices;

namespace Hypersphere.Kernels;

/// <summary>The register tile of <see cref="ByteProducts"/>: up to three left rows by two registers of right ones. Sums stay in named locals: an
/// array of them would live in memory.</summary>
internal static unsafe class ByteTiles<L, B, S, I>
    where L : struct, IByteLanes<B, S, I>
    where B : struct
    where S : struct
    where I : struct
{
    private const int Group = ByteProducts.Quarter * ByteProducts.Together;

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
        I s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        for (int k = 0; k < size; k += ByteProducts.Step)
        {
            S p00 = default, p01 = default, p10 = default, p11 = default, p20 = default, p21 = default;
            Add<M, W>(left, right, next, size, ref p00, ref p01, ref p10, ref p11, ref p20, ref p21);
            Add<M, W>(left + ByteProducts.Quarter, right + Group, next, size, ref p00, ref p01, ref p10, ref p11, ref p20, ref p21);
            Add<M, W>(left + (2 * ByteProducts.Quarter), right + (2 * Group), next, size, ref p00, ref p01, ref p10, ref p11, ref p20, ref p21);
            Add<M, W>(left + (3 * ByteProducts.Quarter), right + (3 * Group), next, size, ref p00, ref p01, ref p10, ref p11, ref p20, ref p21);
            (s00, s01) = (L.Add(s00, p00), L.Add(s01, p01));
            (s10, s11) = (L.Add(s10, p10), L.Add(s11, p11));
            (s20, s21) = (L.Add(s20, p20), L.Add(s21, p21));
            left += ByteProducts.Step;
            right += 4 * Group;
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

    /// <summary>Four bytes of each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<M, W>(
        sbyte* left, byte* right, nint next, int size, ref S p00, ref S p01, ref S p10, ref S p11, ref S p20, ref S p21)
        where M : struct, ICount
        where W : struct, ICount
    {
        B first = L.Load(right), second = W.Count > 1 ? L.Load(right + next) : first;
        Add<W>(L.Repeat(left), first, second, ref p00, ref p01);
        if (M.Count > 1)
        {
            Add<W>(L.Repeat(left + size), first, second, ref p10, ref p11);
        }

        if (M.Count > 2)
        {
            Add<W>(L.Repeat(left + (2 * (nint)size)), first, second, ref p20, ref p21);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<W>(B x, B first, B second, ref S p0, ref S p1)
        where W : struct, ICount
    {
        p0 = L.AddPairs(p0, first, x);
        if (W.Count > 1)
        {
            p1 = L.AddPairs(p1, second, x);
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
