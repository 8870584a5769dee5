using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <content>Tiles of at most six rows. A term has few multiplications there, and the instructions around them count, above all where a
/// core is shared: <see cref="Whole"/> takes eight terms a turn, and nothing is asked for ahead. Loops of their own, as code that a
/// tag excludes is compiled before it folds away, a few milliseconds for each shape of a tile.</content>
internal static unsafe partial class MicroKernel
{
    private const int Turn = 8;

    /// <summary>C[r, 0 … W·lanes) = Init[r] + Σ over segments, Σₖ A[r,k]·B[k] for the rows r &lt; R: the tiles at the edges.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow<S, V, R, W, L>(in TileJob job)
        where S : struct, ISimd<V>
        where V : struct
        where R : struct, ICount
        where W : struct, ICount
        where L : struct, ILeftFactor
    {
        if (!job.Streams)
        {
            Prefetch<S, V, R, W>(job);
        }

        V x0 = S.Zero, y0 = S.Zero, x1 = S.Zero, y1 = S.Zero, x2 = S.Zero, y2 = S.Zero;
        V x3 = S.Zero, y3 = S.Zero, x4 = S.Zero, y4 = S.Zero, x5 = S.Zero, y5 = S.Zero;
        float* a0 = L.Row<R>(job, 0), a1 = L.Row<R>(job, 1), a2 = L.Row<R>(job, 2);
        float* a3 = L.Row<R>(job, 3), a4 = L.Row<R>(job, 4), a5 = L.Row<R>(job, 5);
        nint aStep = L.Step(job), bStep = job.BStep, length = job.Length;
        for (int segment = 0; segment < job.Segments; segment++)
        {
            float* b = job.B + job.BOffsets[segment];
            nint i = job.AOffsets[segment];
            for (nint rest = length; rest > 0; rest--, i += aStep, b += bStep)
            {
                Term<S, V, R, W, L>(a0, a1, a2, a3, a4, a5, i, 0, b, 0, ref x0, ref y0, ref x1, ref y1, ref x2, ref y2, ref x3, ref y3, ref x4, ref y4, ref x5, ref y5);
            }
        }

        Finish<S, V, R, W>(job, x0, y0, x1, y1, x2, y2, x3, y3, x4, y4, x5, y5);
    }

    /// <summary>The same of six rows and two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Whole<S, V, L>(in TileJob job)
        where S : struct, ISimd<V>
        where V : struct
        where L : struct, ILeftFactor
    {
        if (!job.Streams)
        {
            Prefetch<S, V, Count6, Count2>(job);
        }

        V x0 = S.Zero, y0 = S.Zero, x1 = S.Zero, y1 = S.Zero, x2 = S.Zero, y2 = S.Zero;
        V x3 = S.Zero, y3 = S.Zero, x4 = S.Zero, y4 = S.Zero, x5 = S.Zero, y5 = S.Zero;
        float* a0 = L.Row<Count6>(job, 0), a1 = L.Row<Count6>(job, 1), a2 = L.Row<Count6>(job, 2);
        float* a3 = L.Row<Count6>(job, 3), a4 = L.Row<Count6>(job, 4), a5 = L.Row<Count6>(job, 5);
        nint aStep = L.Step(job), bStep = job.BStep, length = job.Length, within = L.IsByRows ? 0 : aStep;
        for (int segment = 0; segment < job.Segments; segment++)
        {
            float* b = job.B + job.BOffsets[segment];
            nint i = job.AOffsets[segment], rest = length;
            for (; rest >= Turn; rest -= Turn)
            {
                Two<S, V, L>(a0, a1, a2, a3, a4, a5, ref i, within, 0, ref b, bStep, ref x0, ref y0, ref x1, ref y1, ref x2, ref y2, ref x3, ref y3, ref x4, ref y4, ref x5, ref y5);
                Two<S, V, L>(a0, a1, a2, a3, a4, a5, ref i, within, 2, ref b, bStep, ref x0, ref y0, ref x1, ref y1, ref x2, ref y2, ref x3, ref y3, ref x4, ref y4, ref x5, ref y5);
                Two<S, V, L>(a0, a1, a2, a3, a4, a5, ref i, within, 4, ref b, bStep, ref x0, ref y0, ref x1, ref y1, ref x2, ref y2, ref x3, ref y3, ref x4, ref y4, ref x5, ref y5);
                Two<S, V, L>(a0, a1, a2, a3, a4, a5, ref i, within, 6, ref b, bStep, ref x0, ref y0, ref x1, ref y1, ref x2, ref y2, ref x3, ref y3, ref x4, ref y4, ref x5, ref y5);
                i += Turn * (aStep - within);
            }

            for (; rest > 0; rest--, i += aStep, b += bStep)
            {
                Term<S, V, Count6, Count2, L>(a0, a1, a2, a3, a4, a5, i, 0, b, 0, ref x0, ref y0, ref x1, ref y1, ref x2, ref y2, ref x3, ref y3, ref x4, ref y4, ref x5, ref y5);
            }
        }

        Finish<S, V, Count6, Count2>(job, x0, y0, x1, y1, x2, y2, x3, y3, x4, y4, x5, y5);
    }

    /// <summary>Two terms, the first of them <paramref name="term"/> after index i where addresses say so, and at i otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two<S, V, L>(
        float* a0, float* a1, float* a2, float* a3, float* a4, float* a5, ref nint i, nint within, int term, ref float* b, nint bStep,
        ref V x0, ref V y0, ref V x1, ref V y1, ref V x2, ref V y2, ref V x3, ref V y3, ref V x4, ref V y4, ref V x5, ref V y5)
        where S : struct, ISimd<V>
        where V : struct
        where L : struct, ILeftFactor
    {
        Term<S, V, Count6, Count2, L>(a0, a1, a2, a3, a4, a5, i, term, b, 0, ref x0, ref y0, ref x1, ref y1, ref x2, ref y2, ref x3, ref y3, ref x4, ref y4, ref x5, ref y5);
        i += within;
        Term<S, V, Count6, Count2, L>(
            a0, a1, a2, a3, a4, a5, i, term + 1, b, bStep, ref x0, ref y0, ref x1, ref y1, ref x2, ref y2, ref x3, ref y3, ref x4, ref y4, ref x5, ref y5);
        i += within;
        b += 2 * bStep;
    }

    /// <summary>Adds A[r,k]·B[k] to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Term<S, V, R, W, L>(
        float* a0, float* a1, float* a2, float* a3, float* a4, float* a5, nint i, int term, float* b, nint at,
        ref V x0, ref V y0, ref V x1, ref V y1, ref V x2, ref V y2, ref V x3, ref V y3, ref V x4, ref V y4, ref V x5, ref V y5)
        where S : struct, ISimd<V>
        where V : struct
        where R : struct, ICount
        where W : struct, ICount
        where L : struct, ILeftFactor
    {
        V left = S.Load(b + at), right = W.Count > 1 ? S.Load(b + at + S.Lanes) : S.Zero;
        if (R.Count > 0) { Update<S, V, W>(L.At(a0, a0 + term, i, 0), left, right, ref x0, ref y0); }
        if (R.Count > 1) { Update<S, V, W>(L.At(a0, a1 + term, i, 1), left, right, ref x1, ref y1); }
        if (R.Count > 2) { Update<S, V, W>(L.At(a0, a2 + term, i, 2), left, right, ref x2, ref y2); }
        if (R.Count > 3) { Update<S, V, W>(L.At(a0, a3 + term, i, 3), left, right, ref x3, ref y3); }
        if (R.Count > 4) { Update<S, V, W>(L.At(a0, a4 + term, i, 4), left, right, ref x4, ref y4); }
        if (R.Count > 5) { Update<S, V, W>(L.At(a0, a5 + term, i, 5), left, right, ref x5, ref y5); }
    }

    /// <summary>Stores the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<S, V, R, W>(in TileJob job, V x0, V y0, V x1, V y1, V x2, V y2, V x3, V y3, V x4, V y4, V x5, V y5)
        where S : struct, ISimd<V>
        where V : struct
        where R : struct, ICount
        where W : struct, ICount
    {
        float* p = job.Init, c = job.C;
        nint pStep = job.InitStep, cStep = job.CStep;
        bool streams = job.Streams;
        float* slopes = job.Slopes;
        if (R.Count > 0) { Finish<S, V, W>(x0, y0, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 1) { Finish<S, V, W>(x1, y1, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 2) { Finish<S, V, W>(x2, y2, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 3) { Finish<S, V, W>(x3, y3, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 4) { Finish<S, V, W>(x4, y4, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 5) { Finish<S, V, W>(x5, y5, p, c, streams, slopes); }
    }
}
