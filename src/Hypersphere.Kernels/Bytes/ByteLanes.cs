using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypersphere.Kernels;

/// <summary>A register of bytes, four of each row, and one of sums, one of each row.</summary>
internal unsafe interface IByteLanes<B, I>
    where B : struct
    where I : struct
{
    /// <summary>Rows in a register.</summary>
    static abstract int Rows { get; }

    static abstract B Load(byte* p);

    /// <summary>The same four bytes for every row.</summary>
    static abstract B Repeat(sbyte* p);

    /// <summary>sum + a·x + b·y, row by row, a and b from 0 to 127, x and y from −64 to 64: two products of two bytes each fit 16 bits.</summary>
    static abstract I Add(I sum, B a, B x, B b, B y);

    static abstract void Store(I sum, int* p);
}

/// <summary>512 bits.</summary>
internal readonly unsafe struct ByteLanes512 : IByteLanes<Vector512<byte>, Vector512<int>>
{
    public static int Rows => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* p) => Vector512.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Repeat(sbyte* p) => Vector512.Create(*(int*)p).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sum, Vector512<byte> a, Vector512<byte> x, Vector512<byte> b, Vector512<byte> y)
    {
        Vector512<short> pairs = Avx512BW.MultiplyAddAdjacent(a, x.AsSByte()) + Avx512BW.MultiplyAddAdjacent(b, y.AsSByte());
        return sum + Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> sum, int* p) => sum.Store(p);
}

/// <summary>256 bits.</summary>
internal readonly unsafe struct ByteLanes256 : IByteLanes<Vector256<byte>, Vector256<int>>
{
    public static int Rows => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* p) => Vector256.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Repeat(sbyte* p) => Vector256.Create(*(int*)p).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> a, Vector256<byte> x, Vector256<byte> b, Vector256<byte> y)
    {
        Vector256<short> pairs = Avx2.MultiplyAddAdjacent(a, x.AsSByte()) + Avx2.MultiplyAddAdjacent(b, y.AsSByte());
        return sum + Avx2.MultiplyAddAdjacent(pairs, Vector256<short>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> sum, int* p) => sum.Store(p);
}

/// <summary>128 bits by what every processor has.</summary>
internal readonly unsafe struct ByteLanes128 : IByteLanes<Vector128<byte>, Vector128<int>>
{
    public static int Rows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(byte* p) => Vector128.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Repeat(sbyte* p) => Vector128.Create(*(int*)p).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sum, Vector128<byte> a, Vector128<byte> x, Vector128<byte> b, Vector128<byte> y)
    {
        (Vector128<ushort> a0, Vector128<ushort> a1) = Vector128.Widen(a);
        (Vector128<ushort> b0, Vector128<ushort> b1) = Vector128.Widen(b);
        (Vector128<short> x0, Vector128<short> x1) = Vector128.Widen(x.AsSByte());
        (Vector128<short> y0, Vector128<short> y1) = Vector128.Widen(y.AsSByte());
        Vector128<ulong> low = FourSums((a0.AsInt16() * x0) + (b0.AsInt16() * y0)), high = FourSums((a1.AsInt16() * x1) + (b1.AsInt16() * y1));
        return sum + Vector128.Narrow(low, high).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> sum, int* p) => sum.Store(p);

    /// <summary>The sum of four neighbours in the lower half of what they took.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> FourSums(Vector128<short> products)
    {
        Vector128<int> v = products.AsInt32();
        Vector128<ulong> twos = (((v << 16) >> 16) + (v >> 16)).AsUInt64();
        return twos + (twos >> 32);
    }
}
