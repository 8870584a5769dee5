using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>What becomes of the cosine of another class; see <see cref="HardNegatives"/>.</summary>
internal interface INegatives
{
    V Value<S, V>(V cosine)
        where S : struct, ISimd<V>
        where V : struct;

    V TimesSlope<S, V>(V factor, V cosine)
        where S : struct, ISimd<V>
        where V : struct;
}

/// <summary>The cosine itself.</summary>
internal readonly struct PlainNegatives : INegatives
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<S, V>(V cosine)
        where S : struct, ISimd<V>
        where V : struct => cosine;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V TimesSlope<S, V>(V factor, V cosine)
        where S : struct, ISimd<V>
        where V : struct => factor;
}

/// <summary>A quadratic above the threshold of the row.</summary>
internal readonly unsafe struct AdjustedNegatives(HardNegatives data, int row) : INegatives
{
    private readonly float _threshold = data.Thresholds[row];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<S, V>(V cosine)
        where S : struct, ISimd<V>
        where V : struct
    {
        V hard = S.MultiplyAdd(cosine, S.Broadcast(data.Quadratic), S.Broadcast(data.Linear));
        hard = S.MultiplyAdd(cosine, hard, S.Broadcast(data.Constant));
        return S.IfPositive(S.Subtract(cosine, S.Broadcast(_threshold)), hard, S.Multiply(cosine, S.Broadcast(data.Easy)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V TimesSlope<S, V>(V factor, V cosine)
        where S : struct, ISimd<V>
        where V : struct
    {
        V hard = S.MultiplyAdd(cosine, S.Broadcast(data.SlopeLinear), S.Broadcast(data.SlopeConstant));
        return S.Multiply(factor, S.IfPositive(S.Subtract(cosine, S.Broadcast(_threshold)), hard, S.Broadcast(data.Easy)));
    }
}
