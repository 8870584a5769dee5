namespace Hypersphere.Kernels.Simd;

/// <summary>One register width: a tag struct implements it, kernels are generic over the tag and the vector, and the JIT specialises
/// both.</summary>
/// <typeparam name="V">The register type, or <see cref="float"/> for the scalar fallback.</typeparam>
internal unsafe interface ISimd<V>
    where V : struct
{
    /// <summary>Floats in one register.</summary>
    static abstract int Lanes { get; }

    /// <summary>Whether this runtime executes the width in hardware.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Architectural registers of this width that a kernel can hold accumulators in.</summary>
    static abstract int Registers { get; }

    static abstract V Zero { get; }

    static abstract V Load(float* p);

    static abstract void Store(V value, float* p);

    /// <summary>Stores past the caches; p is aligned to the register.</summary>
    static abstract void Stream(V value, float* p);

    static abstract V Broadcast(float value);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    /// <summary>a·b + c, fused where the hardware fuses.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    static abstract V Max(V a, V b);

    static abstract V Min(V a, V b);

    static abstract V Sqrt(V a);

    /// <summary>To the nearest integer, ties to even.</summary>
    static abstract V Round(V a);

    /// <summary>a·2ⁿ for integral −126 ≤ n ≤ 127.</summary>
    static abstract V ScaleByPowerOfTwo(V a, V n);

    /// <summary>a &gt; 0 ? x : y, lane by lane; NaN counts as not greater.</summary>
    static abstract V IfPositive(V a, V x, V y);

    /// <summary>Bit i is set where lane i is above 0.</summary>
    static abstract uint Positive(V a);

    /// <summary>Sum over lanes, pairwise, in an order fixed by the width.</summary>
    static abstract float Sum(V a);
}
