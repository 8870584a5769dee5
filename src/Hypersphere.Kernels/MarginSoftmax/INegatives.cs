using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>What becomes of the cosines of another class with a register of rows, the first of them given; see
/// <see cref="HardNegatives"/>.</summary>
internal interface INegatives
{
    V Value<S, V>(int row, V cosine)
        where S : struct, ISimd<V>
        where V : struct;

    V TimesSlope<S, V>(int row, V factor, V cosine)
        where S : struct, ISimd<V>
        where V : struct;
}

/// <summary>The cosine itself.</summary>
internal readonly struct PlainNegatives : INegatives
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<S, V>(int row, V cosine)
        where S : struct, ISimd<V>
        where V : struct => cosine;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V TimesSlope<S, V>(int row, V factor, V cosine)
        where S : struct, ISimd<V>
        where V : struct => factor;
}

/// <summary>A quadratic above the threshold of the row; the thresholds are padded to whole registers.</summary>
internal readonly unsafe struct AdjustedNegatives(HardNegatives data, float* thresholds) : INegatives
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<S, V>(int row, V cosine)
        where S : struct, ISimd<V>
        where V : struct
    {
        V hard = S.MultiplyAdd(cosine, S.Broadcast(data.Quadratic), S.Broadcast(data.Linear));
        hard = S.MultiplyAdd(cosine, hard, S.Broadcast(data.Constant));
        return S.IfPositive(S.Subtract(cosine, S.Load(thresholds + row)), hard, S.Multiply(cosine, S.Broadcast(data.Easy)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V TimesSlope<S, V>(int row, V factor, V cosine)
        where S : struct, ISimd<V>
        where V : struct
    {
        V hard = S.MultiplyAdd(cosine, S.Broadcast(data.SlopeLinear), S.Broadcast(data.SlopeConstant));
        return S.Multiply(factor, S.IfPositive(S.Subtract(cosine, S.Load(thresholds + row)), hard, S.Broadcast(data.Easy)));
    }
}
