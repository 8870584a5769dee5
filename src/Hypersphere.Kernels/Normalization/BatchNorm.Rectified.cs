using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <content>With a PReLU behind it: what is between the two is never stored but computed again, to the same bits, from x. Eight passes over
/// memory instead of thirteen.</content>
public static unsafe partial class BatchNorm
{
    /// <summary>y = n where n &gt; 0, else a·n, with n = γ·(x − μ)/√(σ² + ε) + β as in <see cref="ForwardTrain"/>.</summary>
    /// <param name="rows">Rows; with 0 nothing happens.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels].</param>
    /// <param name="gamma">[channels], or null for 1.</param>
    /// <param name="beta">[channels], or null for 0.</param>
    /// <param name="slopes">[channels], a.</param>
    /// <param name="eps">ε &gt; 0 under the root.</param>
    /// <param name="momentum">Weight of the new batch in the running statistics.</param>
    /// <param name="runningMean">[channels], updated; null to keep none.</param>
    /// <param name="runningVar">[channels], updated; null to keep none.</param>
    /// <param name="y">[rows, channels].</param>
    /// <param name="savedMean">[channels], μ.</param>
    /// <param name="savedInvStd">[channels], 1/√(σ² + ε).</param>
    public static void ForwardRectified(
        int rows, int channels, float* x, float* gamma, float* beta, float* slopes, float eps, float momentum,
        float* runningMean, float* runningVar, float* y, float* savedMean, float* savedInvStd)
    {
        if (rows > 0)
        {
            Statistics(rows, channels, x, eps, momentum, runningMean, runningVar, savedMean, savedInvStd);
            Map.Rows(rows, channels, new RectifiedMap(Affine(channels, gamma, beta, savedMean, savedInvStd), slopes), y, x);
        }
    }

    /// <summary>Gradients of <see cref="ForwardRectified"/>: those of <see cref="Backward"/> for dy·(1 where n &gt; 0, else a), and da = Σ dy·n
    /// over n ≤ 0.</summary>
    /// <param name="rows">Rows; with 0 nothing happens.</param>
    /// <param name="channels">Channels, contiguous.</param>
    /// <param name="x">[rows, channels], the forward input.</param>
    /// <param name="dy">[rows, channels].</param>
    /// <param name="gamma">[channels], or null for 1.</param>
    /// <param name="beta">[channels], or null for 0.</param>
    /// <param name="slopes">[channels], a.</param>
    /// <param name="savedMean">[channels], from the forward pass.</param>
    /// <param name="savedInvStd">[channels], from the forward pass.</param>
    /// <param name="dx">[rows, channels], or null.</param>
    /// <param name="accumulateDx">Adds to dx instead of assigning.</param>
    /// <param name="dgamma">[channels], or null.</param>
    /// <param name="dbeta">[channels], or null.</param>
    /// <param name="dslopes">[channels], or null.</param>
    /// <param name="accumulateParameters">Adds to dgamma, dbeta and dslopes instead of assigning.</param>
    public static void BackwardRectified(
        int rows, int channels, float* x, float* dy, float* gamma, float* beta, float* slopes, float* savedMean, float* savedInvStd,
        float* dx, bool accumulateDx, float* dgamma, float* dbeta, float* dslopes, bool accumulateParameters)
    {
        if (rows == 0)
        {
            return;
        }

        ChannelAffine affine = Affine(channels, gamma, beta, savedMean, savedInvStd);
        var upstream = new RectifiedGradient(affine, slopes);
        ColumnSums sums = ColumnSums.Compute(rows, channels, new RectifiedTerms(channels, x, dy, savedMean, upstream));
        float* constants = affine.Rest;
        for (int c = 0; c < channels; c++)
        {
            double sum = sums.TotalFirst(c), dot = sums.TotalSecond(c) * savedInvStd[c];
            StoreParameters(c, sum, dot, dgamma, dbeta, accumulateParameters);
            if (dslopes != null)
            {
                dslopes[c] = (float)(accumulateParameters ? dslopes[c] + sums.TotalThird(c) : sums.TotalThird(c));
            }

            constants[c] = (gamma == null ? 1 : gamma[c]) * savedInvStd[c];
            constants[channels + c] = (float)(-sum / rows);
            constants[(2 * channels) + c] = (float)(-dot * savedInvStd[c] / rows);
        }

        var map = new RectifiedInputMap(upstream, new(channels, savedMean, constants), accumulateDx);
        if (dx != null && accumulateDx)
        {
            Map.Rows(rows, channels, map, dx, x, dy, dx);
        }
        else if (dx != null)
        {
            Map.Rows(rows, channels, map, dx, x, dy, x);
        }
    }

    /// <summary>n = (x − mean)·scale + offset, and memory for three more rows of constants.</summary>
    private readonly record struct ChannelAffine(int Channels, nint Memory, nint MeanAt)
    {
        public float* Rest => (float*)Memory + (2 * (nint)Channels);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Of<S, V>(V x, int column)
            where S : struct, ISimd<V>
            where V : struct
        {
            float* scale = (float*)Memory + column;
            return S.MultiplyAdd(S.Subtract(x, S.Load((float*)MeanAt + column)), S.Load(scale), S.Load(scale + Channels));
        }
    }

    private static ChannelAffine Affine(int channels, float* gamma, float* beta, float* mean, float* invStd)
    {
        float* memory = Scratch.Floats(Scratch.Slot.Normalization, 5 * (nint)channels);
        for (int c = 0; c < channels; c++)
        {
            memory[c] = (gamma == null ? 1 : gamma[c]) * invStd[c];
            memory[channels + c] = beta == null ? 0 : beta[c];
        }

        return new(channels, (nint)memory, (nint)mean);
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
