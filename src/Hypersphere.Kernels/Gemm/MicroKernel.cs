using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>The one hot loop of matrix products and convolutions: an outer-product update of a register tile.</summary>
/// <remarks>xᵣ and yᵣ hold the two vectors of row r. They are named locals because the JIT keeps an array of them in memory (3–5× slower);
/// rows and vectors that a tag excludes fold away. Every element is summed over the segments in order, then over k in order,
/// whatever the tile around it, so that a result does not depend on how the work was cut.</remarks>
internal static unsafe partial class MicroKernel
{
    /// <summary>C[r, 0 … W·lanes) = Init[r] + Σ over segments, Σₖ A[r,k]·B[k] for the rows r &lt; R.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Wide<S, V, R, W, L>(in TileJob job)
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

        V x0 = S.Zero, y0 = S.Zero;
        V x1 = S.Zero, y1 = S.Zero;
        V x2 = S.Zero, y2 = S.Zero;
        V x3 = S.Zero, y3 = S.Zero;
        V x4 = S.Zero, y4 = S.Zero;
        V x5 = S.Zero, y5 = S.Zero;
        V x6 = S.Zero, y6 = S.Zero;
        V x7 = S.Zero, y7 = S.Zero;
        V x8 = S.Zero, y8 = S.Zero;
        V x9 = S.Zero, y9 = S.Zero;
        V x10 = S.Zero, y10 = S.Zero;
        V x11 = S.Zero, y11 = S.Zero;
        V x12 = S.Zero, y12 = S.Zero;
        V x13 = S.Zero, y13 = S.Zero;

        float* a0 = L.Row<R>(job, 0);
        float* a1 = L.Row<R>(job, 1);
        float* a2 = L.Row<R>(job, 2);
        float* a3 = L.Row<R>(job, 3);
        float* a4 = L.Row<R>(job, 4);
        float* a5 = L.Row<R>(job, 5);
        float* a6 = L.Row<R>(job, 6);
        float* a7 = L.Row<R>(job, 7);
        float* a8 = L.Row<R>(job, 8);
        float* a9 = L.Row<R>(job, 9);
        float* a10 = L.Row<R>(job, 10);
        float* a11 = L.Row<R>(job, 11);
        float* a12 = L.Row<R>(job, 12);
        float* a13 = L.Row<R>(job, 13);

        nint aStep = L.Step(job), bStep = job.BStep, length = job.Length, aheadStep = job.AheadStep;
        float* ahead = job.Ahead is null ? job.B : job.Ahead;
        for (int segment = 0; segment < job.Segments; segment++)
        {
            float* b = job.B + job.BOffsets[segment];
            nint i = job.AOffsets[segment], rest = length;
            for (; rest > 0; rest--)
            {
                V left = S.Load(b), right = W.Count > 1 ? S.Load(b + S.Lanes) : S.Zero;
                if (R.Count > 0) { Update<S, V, W>(L.At(a0, a0, i, 0), left, right, ref x0, ref y0); }
                if (R.Count > 1) { Update<S, V, W>(L.At(a0, a1, i, 1), left, right, ref x1, ref y1); }
                if (R.Count > 2) { Update<S, V, W>(L.At(a0, a2, i, 2), left, right, ref x2, ref y2); }
                if (R.Count > 3) { Update<S, V, W>(L.At(a0, a3, i, 3), left, right, ref x3, ref y3); }
                if (R.Count > 4) { Update<S, V, W>(L.At(a0, a4, i, 4), left, right, ref x4, ref y4); }
                if (R.Count > 5) { Update<S, V, W>(L.At(a0, a5, i, 5), left, right, ref x5, ref y5); }
                if (R.Count > 6) { Update<S, V, W>(L.At(a0, a6, i, 6), left, right, ref x6, ref y6); }
                if (R.Count > 7) { Update<S, V, W>(L.At(a0, a7, i, 7), left, right, ref x7, ref y7); }
                if (R.Count > 8) { Update<S, V, W>(L.At(a0, a8, i, 8), left, right, ref x8, ref y8); }
                if (R.Count > 9) { Update<S, V, W>(L.At(a0, a9, i, 9), left, right, ref x9, ref y9); }
                if (R.Count > 10) { Update<S, V, W>(L.At(a0, a10, i, 10), left, right, ref x10, ref y10); }
                if (R.Count > 11) { Update<S, V, W>(L.At(a0, a11, i, 11), left, right, ref x11, ref y11); }
                if (R.Count > 12) { Update<S, V, W>(L.At(a0, a12, i, 12), left, right, ref x12, ref y12); }
                if (R.Count > 13) { Update<S, V, W>(L.At(a0, a13, i, 13), left, right, ref x13, ref y13); }
                Prefetch(ahead);
                ahead += aheadStep;
                i += aStep;
                b += bStep;
            }
        }

        float* p = job.Init, c = job.C;
        nint pStep = job.InitStep, cStep = job.CStep;
        bool streams = job.Streams;
        float* slopes = job.Slopes;
        if (R.Count > 0) { Finish<S, V, W>(x0, y0, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 1) { Finish<S, V, W>(x1, y1, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 2) { Finish<S, V, W>(x2, y2, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 3) { Finish<S, V, W>(x3, y3, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 4) { Finish<S, V, W>(x4, y4, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 5) { Finish<S, V, W>(x5, y5, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 6) { Finish<S, V, W>(x6, y6, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 7) { Finish<S, V, W>(x7, y7, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 8) { Finish<S, V, W>(x8, y8, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 9) { Finish<S, V, W>(x9, y9, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 10) { Finish<S, V, W>(x10, y10, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 11) { Finish<S, V, W>(x11, y11, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 12) { Finish<S, V, W>(x12, y12, p, c, streams, slopes); p += pStep; c += cStep; }
        if (R.Count > 13) { Finish<S, V, W>(x13, y13, p, c, streams, slopes); p += pStep; c += cStep; }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update<S, V, W>(float element, V left, V right, ref V x, ref V y)
        where S : struct, ISimd<V>
        where V : struct
        where W : struct, ICount
    {
        V e = S.Broadcast(element);
        x = S.MultiplyAdd(e, left, x);
        if (W.Count > 1)
        {
            y = S.MultiplyAdd(e, right, y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<S, V, W>(V x, V y, float* init, float* c, bool streams, float* slopes)
        where S : struct, ISimd<V>
        where V : struct
        where W : struct, ICount
    {
        x = S.Add(x, S.Load(init));
        y = W.Count > 1 ? S.Add(y, S.Load(init + S.Lanes)) : y;
        if (slopes is not null)
        {
            x = Rectifier.Of<S, V>(x, S.Load(slopes));
            y = W.Count > 1 ? Rectifier.Of<S, V>(y, S.Load(slopes + S.Lanes)) : y;
        }

        if (streams)
        {
            S.Stream(x, c);
            if (W.Count > 1)
            {
                S.Stream(y, c + S.Lanes);
            }
        }
        else
        {
            S.Store(x, c);
            if (W.Count > 1)
            {
                S.Store(y, c + S.Lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* ahead)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(ahead);
        }
    }

    /// <summary>Asks for C while the sums run, so that it has arrived when they are done: into the second-level cache, as it comes last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<S, V, R, W>(in TileJob job)
        where S : struct, ISimd<V>
        where V : struct
        where R : struct, ICount
        where W : struct, ICount
    {
        if (Sse.IsSupported)
        {
            float* c = job.C;
            for (int r = 0; r < R.Count; r++, c += job.CStep)
            {
                Sse.Prefetch1(c);
                if (W.Count * S.Lanes > Blocking.LineFloats)
                {
                    Sse.Prefetch1(c + Blocking.LineFloats);
                }
            }
        }
    }
}
