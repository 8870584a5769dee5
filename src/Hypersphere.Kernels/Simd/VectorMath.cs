using System.Runtime.CompilerServices;

namespace Hypersphere.Kernels.Simd;

/// <summary>Functions of a register, written once for every width.</summary>
internal static class VectorMath
{
    /// <summary>eˣ with a relative error below 2⁻²² for −87.3 ≤ x ≤ 88.3; 0 below, e^88.3 above, NaN for NaN.</summary>
    /// <remarks>x = n·ln 2 + r with |r| ≤ ln 2 / 2 in two steps, a degree 7 polynomial in r, and n added to the exponent.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<S, V>(V x)
        where S : struct, ISimd<V>
        where V : struct
    {
        V clamped = S.Min(S.Max(x, S.Broadcast(-87.33654f)), S.Broadcast(88.3762626647949f));
        V n = S.Round(S.Multiply(clamped, S.Broadcast(1.44269504088896341f)));
        V r = S.MultiplyAdd(n, S.Broadcast(-0.693359375f), clamped);
        r = S.MultiplyAdd(n, S.Broadcast(2.12194440e-4f), r);
        V p = S.Broadcast(1.9875691500e-4f);
        p = S.MultiplyAdd(p, r, S.Broadcast(1.3981999507e-3f));
        p = S.MultiplyAdd(p, r, S.Broadcast(8.3334519073e-3f));
        p = S.MultiplyAdd(p, r, S.Broadcast(4.1665795894e-2f));
        p = S.MultiplyAdd(p, r, S.Broadcast(1.6666665459e-1f));
        p = S.MultiplyAdd(p, r, S.Broadcast(5.0000001201e-1f));
        p = S.MultiplyAdd(S.Multiply(p, r), r, S.Add(r, S.Broadcast(1f)));
        V y = S.ScaleByPowerOfTwo(p, n);
        return S.IfPositive(S.Subtract(S.Broadcast(-87.33654f), x), S.Zero, y);
    }
}
