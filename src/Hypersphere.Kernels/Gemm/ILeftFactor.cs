using System.Runtime.CompilerServices;

namespace Hypersphere.Kernels;

/// <summary>How the micro-kernel reads the left factor.</summary>
internal unsafe interface ILeftFactor
{
    /// <summary>Whether k is contiguous within a row, so that an address can say which of the next terms it means.</summary>
    static abstract bool IsByRows { get; }

    static abstract float* Row<R>(in TileJob job, int row)
        where R : struct, ICount;

    static abstract nint Step(in TileJob job);

    /// <summary>The element of a row at index i; <paramref name="first"/> is the pointer of row 0.</summary>
    static abstract float At(float* first, float* own, nint i, int row);
}

/// <summary>Rows side by side for each k: a packed panel, or a matrix stored transposed.</summary>
internal readonly unsafe struct ByColumns : ILeftFactor
{
    public static bool IsByRows => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Row<R>(in TileJob job, int row)
        where R : struct, ICount => job.A;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Step(in TileJob job) => job.AStep;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float At(float* first, float* own, nint i, int row) => first[i + row];
}

/// <summary>Rows at a constant distance, k contiguous: a matrix as it lies.</summary>
internal readonly unsafe struct BySteps : ILeftFactor
{
    public static bool IsByRows => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Row<R>(in TileJob job, int row)
        where R : struct, ICount => row < R.Count ? job.A + (row * job.AStep) : job.A;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Step(in TileJob job) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float At(float* first, float* own, nint i, int row) => own[i];
}

/// <summary>A pointer for each row, k contiguous: the pixels of a convolution.</summary>
internal readonly unsafe struct ByRows : ILeftFactor
{
    public static bool IsByRows => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Row<R>(in TileJob job, int row)
        where R : struct, ICount => job.Rows[row < R.Count ? row : 0];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Step(in TileJob job) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float At(float* first, float* own, nint i, int row) => own[i];
}
