using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypersphere.Kernels;

/// <summary>A register of bytes, four of each row; one of 16-bit sums, two of each row; one of sums, one of each row.</summary>
internal unsafe interface IByteLanes<B, S, I>
    where B : struct
    where S : struct
    where I : struct
{
    /// <summary>Rows in a register.</summary>
    static abstract int Rows { get; }

    static abstract B Load(byte* p);

    /// <summary>The same four bytes for every row.</summary>
    static abstract B Repeat(sbyte* p);

    /// <summary>sum + a·x of two neighbours, a from 0 to 127, x signed; what is added up must fit 16 bits.</summary>
    static abstract S AddPairs(S sum, B a, B x);

    /// <summary>sum + the two 16-bit sums of each row.</summary>
    static abstract I Add(I sum, S pairs);

    static abstract void Store(I sum, int* p);
}

/// <summary>512 bits.</summary>
internal readonly unsafe struct ByteLanes512 : IByteLanes<Vector512<byte>, Vector512<short>, Vector512<int>>
{
    public static int Rows => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* p) => Vector512.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Repeat(sbyte* p) => Vector512.Create(*(int*)p).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> AddPairs(Vector512<short> sum, Vector512<byte> a, Vector512<byte> x) =>
        sum + Avx512BW.MultiplyAddAdjacent(a, x.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sum, Vector512<short> pairs) => sum + Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> sum, int* p) => sum.Store(p);
}

/// <summary>256 bits.</summary>
internal readonly unsafe struct ByteLanes256 : IByteLanes<Vector256<byte>, Vector256<short>, Vector256<int>>
{
    public static int Rows => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* p) => Vector256.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Repeat(sbyte* p) => Vector256.Create(*(int*)p).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> AddPairs(Vector256<short> sum, Vector256<byte> a, Vector256<byte> x) =>
        sum + Avx2.MultiplyAddAdjacent(a, x.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<short> pairs) => sum + Avx2.MultiplyAddAdjacent(pairs, Vector256<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> sum, int* p) => sum.Store(p);
}

/// <summary>128 bits by what every processor has.</summary>
internal readonly unsafe struct ByteLanes128 : IByteLanes<Vector128<byte>, Vector128<short>, Vector128<int>>
{
    public static int Rows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(byte* p) => Vector128.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Repeat(sbyte* p) => Vector128.Create(*(int*)p).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> AddPairs(Vector128<short> sum, Vector128<byte> a, Vector128<byte> x)
    {
        Vector128<short> even = (a.AsInt16() & Vector128.Create((short)0xFF)) * ((x.AsInt16() << 8) >> 8);
        return sum + even + ((a.AsInt16() >>> 8) * (x.AsInt16() >> 8));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Add(Vector128<int> sum, Vector128<short> pairs) =>
        sum + ((pairs.AsInt32() << 16) >> 16) + (pairs.AsInt32() >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> sum, int* p) => sum.Store(p);
}
