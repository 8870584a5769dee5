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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start<S, V>(float* target, int channel)
        where S : struct, ISimd<V>
        where V : struct => accumulate ? S.Load(target) : bias == null ? S.Zero : S.Load(bias + channel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<S, V>(V sum, float* target, int channel)
        where S : struct, ISimd<V>
        where V : struct => S.Store(slopes == null ? sum : Rectifier.Of<S, V>(sum, S.Load(slopes + channel)), target);
}

/// <summary>A rectangle of taps over all channels, for one output pixel or for four side by side. Steps count floats.</summary>
internal readonly unsafe struct TapSums
{
    /// <summary>Outputs side by side that share the loads of the weights, and of columns where they are three taps wide.</summary>
    public const int Block = 4;

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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<S, V>(float* source, float* target, int pixels)
        where S : struct, ISimd<V>
        where V : struct
    {
        int c = 0;
        for (; c <= Channels - S.Lanes; c += S.Lanes)
        {
            Dispatch<S, V>(source + c, target + c, pixels, c);
        }

        for (; c < Channels; c++)
        {
            Dispatch<SimdScalar, float>(source + c, target + c, pixels, c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Dispatch<S, V>(float* source, float* target, int pixels, int c)
        where S : struct, ISimd<V>
        where V : struct
    {
        if (pixels != Block)
        {
            One<S, V>(source, target, c);
        }
        else if (Taps == 3 && Next == SourceTap)
        {
            Triples<S, V, Count1>(source, target, c);
        }
        else if (Taps == 3 && Next == 2 * SourceTap)
        {
            Triples<S, V, Count2>(source, target, c);
        }
        else
        {
            Four<S, V>(source, target, c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void One<S, V>(float* source, float* target, int c)
        where S : struct, ISimd<V>
        where V : struct
    {
        V sum = Ends.Start<S, V>(target, c);
        float* w = Weights + c;
        for (int r = 0; r < Rows; r++, source += SourceRow, w += WeightRow)
        {
            float* x = source, v = w;
            for (int t = 0; t < Taps; t++, x += SourceTap, v += WeightTap)
            {
                sum = S.MultiplyAdd(S.Load(x), S.Load(v), sum);
            }
        }

        Ends.Store<S, V>(sum, target, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Four<S, V>(float* source, float* target, int c)
        where S : struct, ISimd<V>
        where V : struct
    {
        V s0 = Ends.Start<S, V>(target, c), s1 = Ends.Start<S, V>(target + OutNext, c);
        V s2 = Ends.Start<S, V>(target + (2 * OutNext), c), s3 = Ends.Start<S, V>(target + (3 * OutNext), c);
        float* w = Weights + c;
        for (int r = 0; r < Rows; r++, source += SourceRow, w += WeightRow)
        {
            float* x = source, v = w;
            for (int t = 0; t < Taps; t++, x += SourceTap, v += WeightTap)
            {
                V weight = S.Load(v);
                s0 = S.MultiplyAdd(S.Load(x), weight, s0);
                s1 = S.MultiplyAdd(S.Load(x + Next), weight, s1);
                s2 = S.MultiplyAdd(S.Load(x + (2 * Next)), weight, s2);
                s3 = S.MultiplyAdd(S.Load(x + (3 * Next)), weight, s3);
            }
        }

        Store<S, V>(s0, s1, s2, s3, target, c);
    }

    /// <summary>Rows of three taps, outputs one or two of them apart: each column is loaded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Triples<S, V, T>(float* source, float* target, int c)
        where S : struct, ISimd<V>
        where V : struct
        where T : struct, ICount
    {
        V s0 = Ends.Start<S, V>(target, c), s1 = Ends.Start<S, V>(target + OutNext, c);
        V s2 = Ends.Start<S, V>(target + (2 * OutNext), c), s3 = Ends.Start<S, V>(target + (3 * OutNext), c);
        float* w = Weights + c;
        nint tap = SourceTap;
        for (int r = 0; r < Rows; r++, source += SourceRow, w += WeightRow)
        {
            V w0 = S.Load(w), w1 = S.Load(w + WeightTap), w2 = S.Load(w + (2 * WeightTap));
            float* x = source + (2 * tap);
            V a = S.Load(source), b = S.Load(source + tap), d = S.Load(x);
            s0 = Add<S, V>(a, b, d, w0, w1, w2, s0);
            Advance<S, V, T>(ref a, ref b, ref d, ref x, tap);
            s1 = Add<S, V>(a, b, d, w0, w1, w2, s1);
            Advance<S, V, T>(ref a, ref b, ref d, ref x, tap);
            s2 = Add<S, V>(a, b, d, w0, w1, w2, s2);
            Advance<S, V, T>(ref a, ref b, ref d, ref x, tap);
            s3 = Add<S, V>(a, b, d, w0, w1, w2, s3);
        }

        Store<S, V>(s0, s1, s2, s3, target, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Add<S, V>(V a, V b, V d, V w0, V w1, V w2, V sum)
        where S : struct, ISimd<V>
        where V : struct => S.MultiplyAdd(d, w2, S.MultiplyAdd(b, w1, S.MultiplyAdd(a, w0, sum)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance<S, V, T>(ref V a, ref V b, ref V d, ref float* x, nint tap)
        where S : struct, ISimd<V>
        where V : struct
        where T : struct, ICount
    {
        a = T.Count == 1 ? b : d;
        b = T.Count == 1 ? d : S.Load(x + tap);
        x += T.Count * tap;
        d = S.Load(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store<S, V>(V s0, V s1, V s2, V s3, float* target, int c)
        where S : struct, ISimd<V>
        where V : struct
    {
        Ends.Store<S, V>(s0, target, c);
        Ends.Store<S, V>(s1, target + OutNext, c);
        Ends.Store<S, V>(s2, target + (2 * OutNext), c);
        Ends.Store<S, V>(s3, target + (3 * OutNext), c);
    }
}
