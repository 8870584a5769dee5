using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>Adds to the gradient of each tap's weights what some outputs see through it, times their own gradient.</summary>
/// <remarks>Three taps by three at a time: their sums stay in registers while the outputs pass.</remarks>
internal readonly unsafe struct TapGradients : ITapWork
{
    private const int Side = 3;

    /// <inheritdoc/>
    public static bool ReadsTarget => true;

    /// <inheritdoc/>
    public void Run<S, V>(in TapWindow g, float* source, float* target, int pixels)
        where S : struct, ISimd<V>
        where V : struct
    {
        for (int row = 0; row < g.Rows; row += Side)
        {
            for (int tap = 0; tap < g.Taps; tap += Side)
            {
                float* x = source + (row * g.SourceRow) + (tap * g.SourceTap), w = g.Weights + (row * g.WeightRow) + (tap * g.WeightTap);
                switch (Math.Min(Side, g.Rows - row), Math.Min(Side, g.Taps - tap))
                {
                    case (1, 1): Part<S, V, Count1, Count1>(g, x, target, w, pixels); break;
                    case (1, 2): Part<S, V, Count1, Count2>(g, x, target, w, pixels); break;
                    case (1, 3): Part<S, V, Count1, Count3>(g, x, target, w, pixels); break;
                    case (2, 1): Part<S, V, Count2, Count1>(g, x, target, w, pixels); break;
                    case (2, 2): Part<S, V, Count2, Count2>(g, x, target, w, pixels); break;
                    case (2, 3): Part<S, V, Count2, Count3>(g, x, target, w, pixels); break;
                    case (3, 1): Part<S, V, Count3, Count1>(g, x, target, w, pixels); break;
                    case (3, 2): Part<S, V, Count3, Count2>(g, x, target, w, pixels); break;
                    default: Part<S, V, Count3, Count3>(g, x, target, w, pixels); break;
                }
            }
        }
    }

    /// <summary>R rows of K taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part<S, V, R, K>(in TapWindow g, float* source, float* upstream, float* weights, int pixels)
        where S : struct, ISimd<V>
        where V : struct
        where R : struct, ICount
        where K : struct, ICount
    {
        int c = 0;
        for (; c <= g.Channels - S.Lanes; c += S.Lanes)
        {
            Column<S, V, R, K>(g, source + c, upstream + c, weights + c, pixels);
        }

        for (; c < g.Channels; c++)
        {
            Column<SimdScalar, float, R, K>(g, source + c, upstream + c, weights + c, pixels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<S, V, R, K>(in TapWindow g, float* x, float* upstream, float* w, int pixels)
        where S : struct, ISimd<V>
        where V : struct
        where R : struct, ICount
        where K : struct, ICount
    {
        nint weightRow = g.WeightRow, weightTap = g.WeightTap, tap = g.SourceTap, next = g.Next, outNext = g.OutNext;
        float* w1 = w + weightRow, w2 = w1 + weightRow;
        V a00 = S.Load(w), a01 = K.Count > 1 ? S.Load(w + weightTap) : S.Zero, a02 = K.Count > 2 ? S.Load(w + (2 * weightTap)) : S.Zero;
        V a10 = S.Zero, a11 = S.Zero, a12 = S.Zero, a20 = S.Zero, a21 = S.Zero, a22 = S.Zero;
        if (R.Count > 1)
        {
            a10 = S.Load(w1);
            a11 = K.Count > 1 ? S.Load(w1 + weightTap) : a11;
            a12 = K.Count > 2 ? S.Load(w1 + (2 * weightTap)) : a12;
        }

        if (R.Count > 2)
        {
            a20 = S.Load(w2);
            a21 = K.Count > 1 ? S.Load(w2 + weightTap) : a21;
            a22 = K.Count > 2 ? S.Load(w2 + (2 * weightTap)) : a22;
        }

        float* y = x + g.SourceRow, z = y + g.SourceRow;
        for (int i = 0; i < pixels; i++, x += next, y += next, z += next, upstream += outNext)
        {
            V d = S.Load(upstream);
            a00 = S.MultiplyAdd(S.Load(x), d, a00);
            if (K.Count > 1) { a01 = S.MultiplyAdd(S.Load(x + tap), d, a01); }
            if (K.Count > 2) { a02 = S.MultiplyAdd(S.Load(x + (2 * tap)), d, a02); }
            if (R.Count > 1) { a10 = S.MultiplyAdd(S.Load(y), d, a10); }
            if (R.Count > 1 && K.Count > 1) { a11 = S.MultiplyAdd(S.Load(y + tap), d, a11); }
            if (R.Count > 1 && K.Count > 2) { a12 = S.MultiplyAdd(S.Load(y + (2 * tap)), d, a12); }
            if (R.Count > 2) { a20 = S.MultiplyAdd(S.Load(z), d, a20); }
            if (R.Count > 2 && K.Count > 1) { a21 = S.MultiplyAdd(S.Load(z + tap), d, a21); }
            if (R.Count > 2 && K.Count > 2) { a22 = S.MultiplyAdd(S.Load(z + (2 * tap)), d, a22); }
        }

        S.Store(a00, w);
        if (K.Count > 1) { S.Store(a01, w + weightTap); }
        if (K.Count > 2) { S.Store(a02, w + (2 * weightTap)); }
        if (R.Count > 1) { S.Store(a10, w1); }
        if (R.Count > 1 && K.Count > 1) { S.Store(a11, w1 + weightTap); }
        if (R.Count > 1 && K.Count > 2) { S.Store(a12, w1 + (2 * weightTap)); }
        if (R.Count > 2) { S.Store(a20, w2); }
        if (R.Count > 2 && K.Count > 1) { S.Store(a21, w2 + weightTap); }
        if (R.Count > 2 && K.Count > 2) { S.Store(a22, w2 + (2 * weightTap)); }
    }
}
