using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Hypersphere.Kernels.Diagnostics;

namespace Hypersphere.Kernels.Simd;

/// <summary>How a result is stored.</summary>
internal unsafe interface IStore
{
    static abstract void Store<S, V>(V value, float* p)
        where S : struct, ISimd<V>
        where V : struct;
}

/// <summary>Into the cache.</summary>
internal readonly unsafe struct Near : IStore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<S, V>(V value, float* p)
        where S : struct, ISimd<V>
        where V : struct => S.Store(value, p);
}

/// <summary>Past the caches.</summary>
internal readonly unsafe struct Past : IStore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<S, V>(V value, float* p)
        where S : struct, ISimd<V>
        where V : struct => S.Stream(value, p);
}

/// <summary>Results that the caches cannot hold until they are read are stored past them: a plain store reads each line from memory before it
/// overwrites it. Lines are written whole and one after the other, or the processor stores them in parts.</summary>
internal static unsafe class Streaming
{
    private const int Line = Blocking.LineFloats * sizeof(float);

    /// <summary>What a result is made from, and what else a layer reads and writes, need room in the last cache, too.</summary>
    private static readonly long _least = CacheSize.Last / 4;

    [ThreadStatic]
    private static bool _forced;

    /// <summary>Makes this thread's kernels store every result so that can be, whatever its size; false: large ones again.</summary>
    public static void Force(bool on) => _forced = on;

    /// <summary>Whether it pays for <paramref name="floats"/> results, the first of them at <paramref name="target"/>, in rows of
    /// <paramref name="row"/> floats; each line must belong to one row.</summary>
    public static bool Pays(float* target, long floats, int row) =>
        (floats * sizeof(float) >= _least || _forced) && (nint)target % Line == 0 && row % Blocking.LineFloats == 0;

    /// <summary>Copies whole registers to an aligned target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy<S, V>(float* source, float* target, nint floats)
        where S : struct, ISimd<V>
        where V : struct
    {
        for (nint i = 0; i < floats; i += S.Lanes)
        {
            S.Stream(S.Load(source + i), target + i);
        }
    }

    /// <summary>Before another thread may read what this one has stored, if it was stored so.</summary>
    public static void Finish(bool streamed)
    {
        if (streamed && Sse.IsSupported)
        {
            Sse.StoreFence();
        }
    }
}
