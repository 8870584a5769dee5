using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <content>Tiles of at most six rows. A term has few multiplications there, and what surrounds them counts: two terms a turn, and nothing asked for
/// ahead. A loop of its own, as code that a tag excludes is compiled before it folds away, a few milliseconds for each shape of a tile.</content>
internal static unsafe partial class MicroKernel
{
    /// <summary>C[r, 0 … W·lanes) = Init[r] + Σ over segments, Σₖ A[r,k]·B[k] for the rows r &lt; R.</summary>
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

        V x0 = S.Zero, y0 = S.Zero;
        V x1 = S.Zero, y1 = S.Zero;
        V x2 = S.Zero, y2 = S.Zero;
        V x3 = S.Zero, y3 = S.Zero;
        V x4 = S.Zero, y4 = S.Zero;
        V x5 = S.Zero, y5 = S.Zero;

        float* a0 = L.Row<R>(job, 0);
        float* a1 = L.Row<R>(job, 1);
        float* a2 = L.Row<R>(job, 2);
        float* a3 = L.Row<R>(job, 3);
        float* a4 = L.Row<R>(job, 4);
        float* a5 = L.Row<R>(job, 5);

        nint aStep = L.Step(job), bStep = job.BStep, length = job.Length;
        for (int segment = 0; segment < job.Segments; segment++)
        {
            float* b = job.B + job.BOffsets[segment];
            nint i = job.AOffsets[segment], rest = length;
            for (; rest > 1; rest -= 2)
            {
                V left = S.Load(b), right = W.Count > 1 ? S.Load(b + S.Lanes) : S.Zero;
                if (R.Count > 0) { Update<S, V, W>(L.At(a0, a0, i, 0), left, right, ref x0, ref y0); }
                if (R.Count > 1) { Update<S, V, W>(L.At(a0, a1, i, 1), left, right, ref x1, ref y1); }
                if (R.Count > 2) { Update<S, V, W>(L.At(a0, a2, i, 2), left, right, ref x2, ref y2); }
                if (R.Count > 3) { Update<S, V, W>(L.At(a0, a3, i, 3), left, right, ref x3, ref y3); }
                if (R.Count > 4) { Update<S, V, W>(L.At(a0, a4, i, 4), left, right, ref x4, ref y4); }
                if (R.Count > 5) { Update<S, V, W>(L.At(a0, a5, i, 5), left, right, ref x5, ref y5); }
                nint next = i + aStep;
                left = S.Load(b + bStep);
                right = W.Count > 1 ? S.Load(b + bStep + S.Lanes) : S.Zero;
                if (R.Count > 0) { Update<S, V, W>(L.At(a0, a0, next, 0), left, right, ref x0, ref y0); }
                if (R.Count > 1) { Update<S, V, W>(L.At(a0, a1, next, 1), left, right, ref x1, ref y1); }
                if (R.Count > 2) { Update<S, V, W>(L.At(a0, a2, next, 2), left, right, ref x2, ref y2); }
                if (R.Count > 3) { Update<S, V, W>(L.At(a0, a3, next, 3), left, right, ref x3, ref y3); }
                if (R.Count > 4) { Update<S, V, W>(L.At(a0, a4, next, 4), left, right, ref x4, ref y4); }
                if (R.Count > 5) { Update<S, V, W>(L.At(a0, a5, next, 5), left, right, ref x5, ref y5); }
                i = next + aStep;
                b += 2 * bStep;
            }

            for (; rest > 0; rest--)
            {
                V left = S.Load(b), right = W.Count > 1 ? S.Load(b + S.Lanes) : S.Zero;
                if (R.Count > 0) { Update<S, V, W>(L.At(a0, a0, i, 0), left, right, ref x0, ref y0); }
                if (R.Count > 1) { Update<S, V, W>(L.At(a0, a1, i, 1), left, right, ref x1, ref y1); }
                if (R.Count > 2) { Update<S, V, W>(L.At(a0, a2, i, 2), left, right, ref x2, ref y2); }
                if (R.Count > 3) { Update<S, V, W>(L.At(a0, a3, i, 3), left, right, ref x3, ref y3); }
                if (R.Count > 4) { Update<S, V, W>(L.At(a0, a4, i, 4), left, right, ref x4, ref y4); }
                if (R.Count > 5) { Update<S, V, W>(L.At(a0, a5, i, 5), left, right, ref x5, ref y5); }
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
    }
}
