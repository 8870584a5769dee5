using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>What a sum over taps begins with, and what happens to it before it is stored.</summary>
/// <param name="bias">[C], or null.</param>
/// <param name="slopes">[C], slopes below 0 of a PReLU; null for none.</param>
/// <param name="accumulate">Begins with what is stored instead.</param>
internal readonly unsafe struct SumEnds(float* bias, float* slopes, bool accumulate)
{
    public bool Accumulates => accumulate;

    public bool Rectifies => slopes != null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Bias<S, V>(int channel)
        where S : struct, ISimd<V>
        where V : struct => bias == null ? S.Zero : S.Load(bias + channel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Rectified<S, V>(V sum, int channel)
        where S : struct, ISimd<V>
        where V : struct => Rectifier.Of<S, V>(sum, S.Load(slopes + channel));
}

/// <summary>Sums over taps: for the result of a convolution, and for the gradient of its input.</summary>
/// <param name="ends">How they begin and end.</param>
internal readonly unsafe struct TapSums(SumEnds ends) : ITapWork
{
    /// <inheritdoc/>
    public static bool ReadsTarget => false;

    /// <inheritdoc/>
    public void Run<S, V>(in TapWindow g, float* source, float* target, int pixels)
        where S : struct, ISimd<V>
        where V : struct
    {
        int apart = pixels == 1 || g.Next == g.SourceTap ? 1 : g.Next == 2 * g.SourceTap ? 2 : 0;
        switch (g.Taps, apart)
        {
            case (1, 1): Narrow<S, V, Count1, Count1>(g, source, target, pixels); break;
            case (2, 1): Narrow<S, V, Count2, Count1>(g, source, target, pixels); break;
            case (3, 1): Narrow<S, V, Count3, Count1>(g, source, target, pixels); break;
            case (2, 2): Narrow<S, V, Count2, Count2>(g, source, target, pixels); break;
            case (3, 2): Narrow<S, V, Count3, Count2>(g, source, target, pixels); break;
            default: Any<S, V>(g, source, target, pixels); break;
        }
    }

    /// <summary>Taps and distances of any number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Any<S, V>(in TapWindow g, float* source, float* target, int pixels)
        where S : struct, ISimd<V>
        where V : struct
    {
        for (; pixels >= 4; pixels -= 4, source += 4 * g.Next, target += 4 * g.OutNext)
        {
            int c = 0;
            for (; c <= g.Channels - S.Lanes; c += S.Lanes)
            {
                Four<S, V>(g, source + c, target + c, c);
            }

            for (; c < g.Channels; c++)
            {
                Four<SimdScalar, float>(g, source + c, target + c, c);
            }
        }

        for (; pixels > 0; pixels--, source += g.Next, target += g.OutNext)
        {
            int c = 0;
            for (; c <= g.Channels - S.Lanes; c += S.Lanes)
            {
                One<S, V>(g, source + c, target + c, c);
            }

            for (; c < g.Channels; c++)
            {
                One<SimdScalar, float>(g, source + c, target + c, c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void One<S, V>(in TapWindow g, float* source, float* target, int c)
        where S : struct, ISimd<V>
        where V : struct
    {
        V sum = ends.Accumulates ? S.Load(target) : ends.Bias<S, V>(c);
        float* w = g.Weights + c;
        nint sourceTap = g.SourceTap, weightTap = g.WeightTap;
        int taps = g.Taps;
        for (int r = 0; r < g.Rows; r++, source += g.SourceRow, w += g.WeightRow)
        {
            float* x = source, v = w;
            for (int t = 0; t < taps; t++, x += sourceTap, v += weightTap)
            {
                sum = S.MultiplyAdd(S.Load(x), S.Load(v), sum);
            }
        }

        S.Store(ends.Rectifies ? ends.Rectified<S, V>(sum, c) : sum, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Four<S, V>(in TapWindow g, float* source, float* target, int c)
        where S : struct, ISimd<V>
        where V : struct
    {
        float* y1 = target + g.OutNext, y2 = y1 + g.OutNext, y3 = y2 + g.OutNext, w = g.Weights + c;
        bool accumulates = ends.Accumulates;
        V bias = ends.Bias<S, V>(c), s0 = accumulates ? S.Load(target) : bias, s1 = accumulates ? S.Load(y1) : bias;
        V s2 = accumulates ? S.Load(y2) : bias, s3 = accumulates ? S.Load(y3) : bias;
        nint sourceTap = g.SourceTap, weightTap = g.WeightTap, next = g.Next;
        for (int r = 0; r < g.Rows; r++, source += g.SourceRow, w += g.WeightRow)
        {
            float* x = source, v = w;
            for (int t = 0; t < g.Taps; t++, x += sourceTap, v += weightTap)
            {
                V weight = S.Load(v);
                s0 = S.MultiplyAdd(S.Load(x), weight, s0);
                s1 = S.MultiplyAdd(S.Load(x + next), weight, s1);
                s2 = S.MultiplyAdd(S.Load(x + (2 * next)), weight, s2);
                s3 = S.MultiplyAdd(S.Load(x + (3 * next)), weight, s3);
            }
        }

        bool rectifies = ends.Rectifies;
        S.Store(rectifies ? ends.Rectified<S, V>(s0, c) : s0, target);
        S.Store(rectifies ? ends.Rectified<S, V>(s1, c) : s1, y1);
        S.Store(rectifies ? ends.Rectified<S, V>(s2, c) : s2, y2);
        S.Store(rectifies ? ends.Rectified<S, V>(s3, c) : s3, y3);
    }

    private void Narrow<S, V, K, T>(in TapWindow g, float* source, float* target, int pixels)
        where S : struct, ISimd<V>
        where V : struct
        where K : struct, ICount
        where T : struct, ICount
    {
        switch (pixels)
        {
            case 1: Narrow<S, V, K, T, Count1>(g, source, target); break;
            case 2: Narrow<S, V, K, T, Count2>(g, source, target); break;
            case 3: Narrow<S, V, K, T, Count3>(g, source, target); break;
            case 4: Narrow<S, V, K, T, Count4>(g, source, target); break;
            case 5: Narrow<S, V, K, T, Count5>(g, source, target); break;
            case 6: Narrow<S, V, K, T, Count6>(g, source, target); break;
            case 7: Narrow<S, V, K, T, Count7>(g, source, target); break;
            default: Narrow<S, V, K, T, Count8>(g, source, target); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Narrow<S, V, K, T, N>(in TapWindow g, float* source, float* target)
        where S : struct, ISimd<V>
        where V : struct
        where K : struct, ICount
        where T : struct, ICount
        where N : struct, ICount
    {
        int c = 0;
        for (; c <= g.Channels - S.Lanes; c += S.Lanes)
        {
            Narrow<S, V, K, T, N>(g, source + c, target + c, c);
        }

        for (; c < g.Channels; c++)
        {
            Narrow<SimdScalar, float, K, T, N>(g, source + c, target + c, c);
        }
    }

    /// <summary>N outputs, T taps apart, of K taps a row: each column is loaded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Narrow<S, V, K, T, N>(in TapWindow g, float* source, float* target, int c)
        where S : struct, ISimd<V>
        where V : struct
        where K : struct, ICount
        where T : struct, ICount
        where N : struct, ICount
    {
        nint outNext = g.OutNext;
        V s0, s1, s2, s3, s4, s5, s6, s7;
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = ends.Bias<S, V>(c);
        if (ends.Accumulates)
        {
            s0 = S.Load(target);
            if (N.Count > 1) { s1 = S.Load(target + outNext); }
            if (N.Count > 2) { s2 = S.Load(target + (2 * outNext)); }
            if (N.Count > 3) { s3 = S.Load(target + (3 * outNext)); }
            if (N.Count > 4) { s4 = S.Load(target + (4 * outNext)); }
            if (N.Count > 5) { s5 = S.Load(target + (5 * outNext)); }
            if (N.Count > 6) { s6 = S.Load(target + (6 * outNext)); }
            if (N.Count > 7) { s7 = S.Load(target + (7 * outNext)); }
        }

        float* w = g.Weights + c;
        nint tap = g.SourceTap, weightTap = g.WeightTap;
        for (int r = 0; r < g.Rows; r++, source += g.SourceRow, w += g.WeightRow)
        {
            V w0 = S.Load(w), w1 = K.Count > 1 ? S.Load(w + weightTap) : w0, w2 = K.Count > 2 ? S.Load(w + (2 * weightTap)) : w0;
            float* x = source;
            V a = S.Load(x), b = K.Count > 1 ? S.Load(x + tap) : a, d = K.Count > 2 ? S.Load(x + (2 * tap)) : a;
            s0 = Add<S, V, K>(a, b, d, w0, w1, w2, s0);
            if (N.Count > 1) { Advance<S, V, K, T>(ref a, ref b, ref d, ref x, tap); s1 = Add<S, V, K>(a, b, d, w0, w1, w2, s1); }
            if (N.Count > 2) { Advance<S, V, K, T>(ref a, ref b, ref d, ref x, tap); s2 = Add<S, V, K>(a, b, d, w0, w1, w2, s2); }
            if (N.Count > 3) { Advance<S, V, K, T>(ref a, ref b, ref d, ref x, tap); s3 = Add<S, V, K>(a, b, d, w0, w1, w2, s3); }
            if (N.Count > 4) { Advance<S, V, K, T>(ref a, ref b, ref d, ref x, tap); s4 = Add<S, V, K>(a, b, d, w0, w1, w2, s4); }
            if (N.Count > 5) { Advance<S, V, K, T>(ref a, ref b, ref d, ref x, tap); s5 = Add<S, V, K>(a, b, d, w0, w1, w2, s5); }
            if (N.Count > 6) { Advance<S, V, K, T>(ref a, ref b, ref d, ref x, tap); s6 = Add<S, V, K>(a, b, d, w0, w1, w2, s6); }
            if (N.Count > 7) { Advance<S, V, K, T>(ref a, ref b, ref d, ref x, tap); s7 = Add<S, V, K>(a, b, d, w0, w1, w2, s7); }
        }

        if (ends.Rectifies)
        {
            s0 = ends.Rectified<S, V>(s0, c);
            if (N.Count > 1) { s1 = ends.Rectified<S, V>(s1, c); }
            if (N.Count > 2) { s2 = ends.Rectified<S, V>(s2, c); }
            if (N.Count > 3) { s3 = ends.Rectified<S, V>(s3, c); }
            if (N.Count > 4) { s4 = ends.Rectified<S, V>(s4, c); }
            if (N.Count > 5) { s5 = ends.Rectified<S, V>(s5, c); }
            if (N.Count > 6) { s6 = ends.Rectified<S, V>(s6, c); }
            if (N.Count > 7) { s7 = ends.Rectified<S, V>(s7, c); }
        }

        S.Store(s0, target);
        if (N.Count > 1) { S.Store(s1, target + outNext); }
        if (N.Count > 2) { S.Store(s2, target + (2 * outNext)); }
        if (N.Count > 3) { S.Store(s3, target + (3 * outNext)); }
        if (N.Count > 4) { S.Store(s4, target + (4 * outNext)); }
        if (N.Count > 5) { S.Store(s5, target + (5 * outNext)); }
        if (N.Count > 6) { S.Store(s6, target + (6 * outNext)); }
        if (N.Count > 7) { S.Store(s7, target + (7 * outNext)); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Add<S, V, K>(V a, V b, V d, V w0, V w1, V w2, V sum)
        where S : struct, ISimd<V>
        where V : struct
        where K : struct, ICount
    {
        sum = S.MultiplyAdd(a, w0, sum);
        sum = K.Count > 1 ? S.MultiplyAdd(b, w1, sum) : sum;
        return K.Count > 2 ? S.MultiplyAdd(d, w2, sum) : sum;
    }

    /// <summary>The columns of the next output, those that this one has read already among them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance<S, V, K, T>(ref V a, ref V b, ref V d, ref float* x, nint tap)
        where S : struct, ISimd<V>
        where V : struct
        where K : struct, ICount
        where T : struct, ICount
    {
        x += T.Count * tap;
        a = T.Count == 1 && K.Count > 1 ? b : T.Count == 2 && K.Count > 2 ? d : S.Load(x);
        if (K.Count > 1)
        {
            b = T.Count == 1 && K.Count > 2 ? d : S.Load(x + tap);
        }

        if (K.Count > 2)
        {
            d = S.Load(x + (2 * tap));
        }
    }
}
