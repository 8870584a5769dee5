using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <content>With a PReLU behind it: what is between the two is never stored but computed again, to the same bits, from x. Eight passes over
/// memory instead of thirteen.</content>
public static unsafe partial class BatchNorm
{
    /// <summary>y = n where n &gt; 0, else a·n, with n = γ·(x − μ)·invStd + β as in <see cref="Normalize"/>.</summary>
    /// <param name="rows">Rows ≥ 0.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels].</param>
    /// <param name="gamma">[channels], or null for 1.</param>
    /// <param name="beta">[channels], or null for 0.</param>
    /// <param name="slopes">[channels], a.</param>
    /// <param name="mean">[channels], μ.</param>
    /// <param name="invStd">[channels], 1/√(σ² + ε).</param>
    /// <param name="y">[rows, channels].</param>
    public static void Rectify(
        int rows, int channels, float* x, float* gamma, float* beta, float* slopes, float* mean, float* invStd, float* y) =>
        Map.Rows(rows, channels, new RectifiedMap(Affine(channels, gamma, beta, mean, invStd), slopes), y, x);

    /// <summary><see cref="GradientSums"/> of <see cref="Rectify"/>: those for dy·(1 where n &gt; 0, else a), and da = Σ dy·n over n ≤ 0.</summary>
    /// <param name="rows">Rows here.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels], the forward input.</param>
    /// <param name="dy">[rows, channels].</param>
    /// <param name="gamma">[channels], or null for 1.</param>
    /// <param name="beta">[channels], or null for 0.</param>
    /// <param name="slopes">[channels], a.</param>
    /// <param name="mean">[channels], from the forward pass.</param>
    /// <param name="invStd">[channels], from the forward pass.</param>
    /// <param name="dgamma">[channels], or null.</param>
    /// <param name="dbeta">[channels], or null.</param>
    /// <param name="dslopes">[channels], or null.</param>
    /// <param name="accumulateParameters">Adds to dgamma, dbeta and dslopes instead of assigning.</param>
    /// <param name="totals">[SumsLength], written.</param>
    public static void RectifiedGradientSums(
        int rows, int channels, float* x, float* dy, float* gamma, float* beta, float* slopes, float* mean, float* invStd,
        float* dgamma, float* dbeta, float* dslopes, bool accumulateParameters, Span<double> totals)
    {
        RectifiedGradient upstream = new(Affine(channels, gamma, beta, mean, invStd), slopes);
        ColumnSums sums = ColumnSums.Compute(rows, channels, new RectifiedTerms(channels, x, dy, mean, upstream));
        StoreTotals(sums, invStd, dgamma, dbeta, accumulateParameters, totals);
        for (int c = 0; c < channels && dslopes != null; c++)
        {
            dslopes[c] = (float)(accumulateParameters ? dslopes[c] + sums.TotalThird(c) : sums.TotalThird(c));
        }
    }

    /// <summary><see cref="InputGradient"/> of <see cref="Rectify"/>.</summary>
    /// <param name="rows">Rows here.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels], the forward input.</param>
    /// <param name="dy">[rows, channels].</param>
    /// <param name="totals">[SumsLength], of <see cref="RectifiedGradientSums"/>, added up over the ranks.</param>
    /// <param name="gamma">[channels], or null for 1.</param>
    /// <param name="beta">[channels], or null for 0.</param>
    /// <param name="slopes">[channels], a.</param>
    /// <param name="mean">[channels], from the forward pass.</param>
    /// <param name="invStd">[channels], from the forward pass.</param>
    /// <param name="dx">[rows, channels], or null.</param>
    /// <param name="accumulate">Adds to dx instead of assigning.</param>
    public static void RectifiedInputGradient(
        int rows, int channels, float* x, float* dy, ReadOnlySpan<double> totals, float* gamma, float* beta, float* slopes, float* mean,
        float* invStd, float* dx, bool accumulate)
    {
        if (dx == null)
        {
            return;
        }

        ChannelAffine affine = Affine(channels, gamma, beta, mean, invStd);
        StoreConstants(channels, totals, gamma, invStd, affine.Rest);
        var map = new RectifiedInputMap(new(affine, slopes), new(channels, mean, affine.Rest), accumulate);
        Map.Rows(rows, channels, map, dx, x, dy, accumulate ? dx : x);
    }

    private readonly struct RectifiedMap(ChannelAffine affine, float* slopes) : IMap
    {
        public static int Inputs => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => Rectifier.Of<S, V>(affine.Of<S, V>(a, column), S.Load(slopes + column));
    }

    /// <summary>dL/dn from x and dy.</summary>
    private readonly struct RectifiedGradient(ChannelAffine affine, float* slopes)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Of<S, V>(V x, V dy, int column, out V normalized)
            where S : struct, ISimd<V>
            where V : struct
        {
            normalized = affine.Of<S, V>(x, column);
            return Rectifier.Gradient<S, V>(normalized, dy, S.Load(slopes + column));
        }
    }

    /// <summary>dx of the normalisation; the third input is what dx holds, if it is to be added to.</summary>
    private readonly struct RectifiedInputMap(RectifiedGradient upstream, GradientMap inner, bool accumulate) : IMap
    {
        public static int Inputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct
        {
            V dx = inner.Apply<S, V>(column, a, upstream.Of<S, V>(a, b, column, out _), c);
            return accumulate ? S.Add(c, dx) : dx;
        }
    }

    /// <summary>dL/dn, dL/dn·(x − mean), and n·dy over n ≤ 0.</summary>
    private readonly struct RectifiedTerms(int channels, float* x, float* dy, float* mean, RectifiedGradient upstream) : IColumnTerms
    {
        public static int Count => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<S, V>(int firstRow, int row, int column, out V first, out V second, out V third)
            where S : struct, ISimd<V>
            where V : struct
        {
            nint offset = ((nint)row * channels) + column;
            V value = S.Load(x + offset), above = S.Load(dy + offset);
            first = upstream.Of<S, V>(value, above, column, out V normalized);
            second = S.Multiply(first, S.Subtract(value, S.Load(mean + column)));
            third = Rectifier.SlopeGradient<S, V>(normalized, above);
        }
    }
}
