using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypersphere.Kernels;

/// <summary>The register tiles of <see cref="ByteProducts"/>. Sums of products stay in named locals: an array of them would live in memory.</summary>
internal static unsafe class ByteTiles
{
    /// <summary>Four rows by four with 512 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourByFour(sbyte* l, byte* r, int size, int* c, int ld)
    {
        Vector512<int> s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<int> s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
        for (int k = 0; k < size; k += ByteProducts.Step)
        {
            Vector512<byte> a0 = Vector512.Load(r + k), b0 = Vector512.Load(r + k + 64), a1 = Vector512.Load(r + size + k), b1 = Vector512.Load(r + size + k + 64);
            Vector512<byte> a2 = Vector512.Load(r + (2 * size) + k), b2 = Vector512.Load(r + (2 * size) + k + 64);
            Vector512<byte> a3 = Vector512.Load(r + (3 * size) + k), b3 = Vector512.Load(r + (3 * size) + k + 64);
            Vector512<sbyte> x = Vector512.Load(l + k), y = Vector512.Load(l + k + 64);
            (s00, s01, s02, s03) = (s00 + Pairs(a0, x, b0, y), s01 + Pairs(a1, x, b1, y), s02 + Pairs(a2, x, b2, y), s03 + Pairs(a3, x, b3, y));
            (x, y) = (Vector512.Load(l + size + k), Vector512.Load(l + size + k + 64));
            (s10, s11, s12, s13) = (s10 + Pairs(a0, x, b0, y), s11 + Pairs(a1, x, b1, y), s12 + Pairs(a2, x, b2, y), s13 + Pairs(a3, x, b3, y));
            (x, y) = (Vector512.Load(l + (2 * size) + k), Vector512.Load(l + (2 * size) + k + 64));
            (s20, s21, s22, s23) = (s20 + Pairs(a0, x, b0, y), s21 + Pairs(a1, x, b1, y), s22 + Pairs(a2, x, b2, y), s23 + Pairs(a3, x, b3, y));
            (x, y) = (Vector512.Load(l + (3 * size) + k), Vector512.Load(l + (3 * size) + k + 64));
            (s30, s31, s32, s33) = (s30 + Pairs(a0, x, b0, y), s31 + Pairs(a1, x, b1, y), s32 + Pairs(a2, x, b2, y), s33 + Pairs(a3, x, b3, y));
        }

        Sums(s00, s01, s02, s03).Store(c);
        Sums(s10, s11, s12, s13).Store(c + ld);
        Sums(s20, s21, s22, s23).Store(c + (2 * (nint)ld));
        Sums(s30, s31, s32, s33).Store(c + (3 * (nint)ld));
    }

    /// <summary>Three rows by two with 256 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ThreeByTwo(sbyte* l, byte* r, int size, int* c, int ld)
    {
        Vector256<int> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        for (int k = 0; k < size; k += 64)
        {
            Vector256<byte> a0 = Vector256.Load(r + k), b0 = Vector256.Load(r + k + 32), a1 = Vector256.Load(r + size + k), b1 = Vector256.Load(r + size + k + 32);
            Vector256<sbyte> x = Vector256.Load(l + k), y = Vector256.Load(l + k + 32);
            (s00, s01) = (s00 + Pairs(a0, x, b0, y), s01 + Pairs(a1, x, b1, y));
            (x, y) = (Vector256.Load(l + size + k), Vector256.Load(l + size + k + 32));
            (s10, s11) = (s10 + Pairs(a0, x, b0, y), s11 + Pairs(a1, x, b1, y));
            (x, y) = (Vector256.Load(l + (2 * size) + k), Vector256.Load(l + (2 * size) + k + 32));
            (s20, s21) = (s20 + Pairs(a0, x, b0, y), s21 + Pairs(a1, x, b1, y));
        }

        Vector128<int> sums = Ssse3.HorizontalAdd(Ssse3.HorizontalAdd(Folded(s00), Folded(s01)), Ssse3.HorizontalAdd(Folded(s10), Folded(s11)));
        Vector128<int> last = Ssse3.HorizontalAdd(Ssse3.HorizontalAdd(Folded(s20), Folded(s21)), default);
        sums.GetLower().Store(c);
        sums.GetUpper().Store(c + ld);
        last.GetLower().Store(c + (2 * (nint)ld));
    }

    /// <summary>One row by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int One(sbyte* l, byte* r, int size)
    {
        if (Avx512BW.IsSupported)
        {
            Vector512<int> sum = default;
            for (int k = 0; k < size; k += ByteProducts.Step)
            {
                sum += Pairs(Vector512.Load(r + k), Vector512.Load(l + k), Vector512.Load(r + k + 64), Vector512.Load(l + k + 64));
            }

            return Vector512.Sum(sum);
        }

        if (!Avx2.IsSupported)
        {
            return Portable(l, r, size);
        }

        Vector256<int> total = default;
        for (int k = 0; k < size; k += 64)
        {
            total += Pairs(Vector256.Load(r + k), Vector256.Load(l + k), Vector256.Load(r + k + 32), Vector256.Load(l + k + 32));
        }

        return Vector256.Sum(total);
    }

    /// <summary>One row by one where there are no instructions for bytes that are known here.</summary>
    public static int Portable(sbyte* l, byte* r, int size)
    {
        Vector128<int> sum = default;
        for (int k = 0; k < size; k += 16)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Load(r + k));
            (Vector128<short> lowLeft, Vector128<short> highLeft) = Vector128.Widen(Vector128.Load(l + k));
            Vector128<short> products = (low.AsInt16() * lowLeft) + (high.AsInt16() * highLeft);
            (Vector128<int> first, Vector128<int> second) = Vector128.Widen(products);
            sum += first + second;
        }

        return Vector128.Sum(sum);
    }

    private static Vector512<int> Pairs(Vector512<byte> a, Vector512<sbyte> x, Vector512<byte> b, Vector512<sbyte> y) => Avx512BW.MultiplyAddAdjacent(
        Avx512BW.MultiplyAddAdjacent(a, x) + Avx512BW.MultiplyAddAdjacent(b, y), Vector512<short>.One);

    private static Vector256<int> Pairs(Vector256<byte> a, Vector256<sbyte> x, Vector256<byte> b, Vector256<sbyte> y) => Avx2.MultiplyAddAdjacent(
        Avx2.MultiplyAddAdjacent(a, x) + Avx2.MultiplyAddAdjacent(b, y), Vector256<short>.One);

    private static Vector128<int> Sums(Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d) =>
        Ssse3.HorizontalAdd(Ssse3.HorizontalAdd(Folded(a), Folded(b)), Ssse3.HorizontalAdd(Folded(c), Folded(d)));

    private static Vector128<int> Folded(Vector512<int> v) => Folded(v.GetLower() + v.GetUpper());

    private static Vector128<int> Folded(Vector256<int> v) => v.GetLower() + v.GetUpper();
}
