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

/// <summary>A rectangle of taps over all channels, for at most eight output pixels side by side. Steps count floats.</summary>
internal readonly unsafe struct TapSums
{
    /// <summary>Outputs side by side that share the loads of weights and columns, at most.</summary>
    public const int Block = 8;

    public required float* Weights { get; init; }

    public required int Channels { get; init; }

    public required int Rows { get; init; }

    public required int Taps { get; init; }

    public required nint SourceRow { get; init; }

    public required nint WeightRow { get; init; }

    public required nint SourceTap { get; init; }

    public required nint WeightTap { get; init; }

    /// <summary>From one output's source pixels to the next one's.</summary>
    public required nint Next { get; init; }

    public required nint OutNext { get; init; }

    public required SumEnds Ends { get; init; }

    /// <summary>Only the columns of taps from <paramref name="first"/> on.</summary>
    public TapSums Skip(int first, int count) => this with { Weights = Weights + (first * WeightTap), Taps = count };

    /// <summary>Some outputs, at most <see cref="Block"/>.</summary>
    public void Run<S, V>(float* source, float* target, int pixels)
        where S : struct, ISimd<V>
        where V : struct
    {
        int apart = pixels == 1 || Next == SourceTap ? 1 : Next == 2 * SourceTap ? 2 : 0;
        switch (Taps, apart)
        {
            case (1, 1): Narrow<S, V, Count1, Count1>(source, target, pixels); break;
            case (2, 1): Narrow<S, V, Count2, Count1>(source, target, pixels); break;
            case (3, 1): Narrow<S, V, Count3, Count1>(source, target, pixels); break;
            case (2, 2): Narrow<S, V, Count2, Count2>(source, target, pixels); break;
            case (3, 2): Narrow<S, V, Count3, Count2>(source, target, pixels); break;
            default: Any<S, V>(source, target, pixels); break;
        }
    }

    /// <summary>Taps and distances of any number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Any<S, V>(float* source, float* target, int pixels)
        where S : struct, ISimd<V>
        where V : struct
    {
        for (; pixels >= 4; pixels -= 4, source += 4 * Next, target += 4 * OutNext)
        {
            int c = 0;
            for (; c <= Channels - S.Lanes; c += S.Lanes)
            {
                Four<S, V>(source + c, target + c, c);
            }

            for (; c < Channels; c++)
            {
                Four<SimdScalar, float>(source + c, target + c, c);
            }
        }

        for (; pixels > 0; pixels--, source += Next, target += OutNext)
        {
            int c = 0;
            for (; c <= Channels - S.Lanes; c += S.Lanes)
            {
                One<S, V>(source + c, target + c, c);
            }

            for (; c < Channels; c++)
            {
                One<SimdScalar, float>(source + c, target + c, c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void One<S, V>(float* source, float* target, int c)
        where S : struct, ISimd<V>
        where V : struct
    {
        V sum = Ends.Accumulates ? S.Load(target) : Ends.Bias<S, V>(c);
        float* w = Weights + c;
        nint sourceTap = SourceTap, weightTap = WeightTap;
        int taps = Taps;
        for (int r = 0; r < Rows; r++, source += SourceRow, w += WeightRow)
        {
            float* x = source, v = w;
            for (int t = 0; t < taps; t++, x += sourceTap, v += weightTap)
            {
                sum = S.MultiplyAdd(S.Load(x), S.Load(v), sum);
            }
        }

        S.Store(Ends.Rectifies ? Ends.Rectified<S, V>(sum, c) : sum, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Four<S, V>(float* source, float* target, int c)
        where S : struct, ISimd<V>
        where V : struct
    {
        float* y1 = target + OutNext, y2 = y1 + OutNext, y3 = y2 + OutNext, w = Weights + c;
        bool accumulates = Ends.Accumulates;
        V bias = Ends.Bias<S, V>(c), s0 = accumulates ? S.Load(target) : bias, s1 = accumulates ? S.Load(y1) : bias;
        V s2 = accumulates ? S.Load(y2) : bias, s3 = accumulates ? S.Load(y3) : bias;
        nint sourceTap = SourceTap, weightTap = WeightTap, next = Next;
        for (int r = 0; r < Rows; r++, source += SourceRow, w += WeightRow)
        {
            float* x = source, v = w;
            for (int t = 0; t < Taps; t++, x += sourceTap, v += weightTap)
            {
                V weight = S.Load(v);
                s0 = S.MultiplyAdd(S.Load(x), weight, s0);
                s1 = S.MultiplyAdd(S.Load(x + next), weight, s1);
                s2 = S.MultiplyAdd(S.Load(x + (2 * next)), weight, s2);
                s3 = S.MultiplyAdd(S.Load(x + (3 * next)), weight, s3);
            }
        }

        bool rectifies = Ends.Rectifies;
        S.Store(rectifies ? Ends.Rectified<S, V>(s0, c) : s0, target);
        S.Store(rectifies ? Ends.Rectified<S, V>(s1, c) : s1, y1);
        S.Store(rectifies ? Ends.Rectified<S, V>(s2, c) : s2, y2);
        S.Store(rectifies ? Ends.Rectified<S, V>(s3, c) : s3, y3);
    }

    private void Narrow<S, V, K, T>(float* source, float* target, int pixels)
        where S : struct, ISimd<V>
        where V : struct
        where K : struct, ICount
        where T : struct, ICount
    {
        switch (pixels)
        {
            case 1: Narrow<S, V, K, T, Count1>(source, target); break;
            case 2: Narrow<S, V, K, T, Count2>(source, target); break;
            case 3: Narrow<S, V, K, T, Count3>(source, target); break;
            case 4: Narrow<S, V, K, T, Count4>(source, target); break;
            case 5: Narrow<S, V, K, T, Count5>(source, target); break;
            case 6: Narrow<S, V, K, T, Count6>(source, target); break;
            case 7: Narrow<S, V, K, T, Count7>(source, target); break;
            default: Narrow<S, V, K, T, Count8>(source, target); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Narrow<S, V, K, T, N>(float* source, float* target)
        where S : struct, ISimd<V>
        where V : struct
        where K : struct, ICount
        where T : struct, ICount
        where N : struct, ICount
    {
        int c = 0;
        for (; c <= Channels - S.Lanes; c += S.Lanes)
        {
            Narrow<S, V, K, T, N>(source + c, target + c, c);
        }

        for (; c < Channels; c++)
        {
            Narrow<SimdScalar, float, K, T, N>(source + c, target + c, c);
        }
    }

    /// <summary>N outputs, T taps apart, of K taps a row: each column is loaded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Narrow<S, V, K, T, N>(float* source, float* target, int c)
        where S : struct, ISimd<V>
        where V : struct
        where K : struct, ICount
        where T : struct, ICount
        where N : struct, ICount
    {
        nint outNext = OutNext;
        V s0, s1, s2, s3, s4, s5, s6, s7;
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = Ends.Bias<S, V>(c);
        if (Ends.Accumulates)
        {
            s0 = S.Load(target);
            if (N.Count > 1) { s1 = S.Load(target + (1 * outNext)); }
            if (N.Count > 2) { s2 = S.Load(target + (2 * outNext)); }
            if (N.Count > 3) { s3 = S.Load(target + (3 * outNext)); }
            if (N.Count > 4) { s4 = S.Load(target + (4 * outNext)); }
            if (N.Count > 5) { s5 = S.Load(target + (5 * outNext)); }
            if (N.Count > 6) { s6 = S.Load(target + (6 * outNext)); }
            if (N.Count > 7) { s7 = S.Load(target + (7 * outNext)); }
        }

        float* w = Weights + c;
        nint tap = SourceTap, weightTap = WeightTap;
        for (int r = 0; r < Rows; r++, source += SourceRow, w += WeightRow)
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

        if (Ends.Rectifies)
        {
            s0 = Ends.Rectified<S, V>(s0, c);
            if (N.Count > 1) { s1 = Ends.Rectified<S, V>(s1, c); }
            if (N.Count > 2) { s2 = Ends.Rectified<S, V>(s2, c); }
            if (N.Count > 3) { s3 = Ends.Rectified<S, V>(s3, c); }
            if (N.Count > 4) { s4 = Ends.Rectified<S, V>(s4, c); }
            if (N.Count > 5) { s5 = Ends.Rectified<S, V>(s5, c); }
            if (N.Count > 6) { s6 = Ends.Rectified<S, V>(s6, c); }
            if (N.Count > 7) { s7 = Ends.Rectified<S, V>(s7, c); }
        }

        S.Store(s0, target);
        if (N.Count > 1) { S.Store(s1, target + (1 * outNext)); }
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
