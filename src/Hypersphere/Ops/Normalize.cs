using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>Batch normalisation over the last axis.</summary>
internal static class Normalize
{
    /// <summary>y = scale · (x − mean) / √(variance + ε) + shift, by the batch's statistics (which also update the running ones), plus what else
    /// is to be added.</summary>
    public static Tensor ByBatch(BatchNormState state, Tensor x, Tensor? plus = null)
    {
        Tensor y = Tensor.Empty(x.Shape);
        Tensor mean = Tensor.Empty(new Shape(state.Channels));
        Tensor inverseDeviation = Tensor.Empty(new Shape(state.Channels));
        Backend.Current.NormalizeBatch(state, x, plus, y, mean, inverseDeviation);
        return Tape.Remember(
            y,
            NeedsGradient(state, x) || plus is { NeedsGradient: true },
            dy =>
            {
                Backend.Current.NormalizeBatchBackward(
                    state, x, dy, mean, inverseDeviation, GradientTarget.Of(x), GradientTarget.Of(state.Scale), GradientTarget.Of(state.Shift));
                GradientTarget.Give(dy, plus);
            },
            mean,
            inverseDeviation);
    }

    /// <summary>By the batch's statistics, with a PReLU behind it, one slope a channel; what is between the two is never stored.</summary>
    public static Tensor ByBatchRectified(BatchNormState state, Tensor x, Tensor slopes)
    {
        Tensor y = Tensor.Empty(x.Shape);
        Tensor mean = Tensor.Empty(new Shape(state.Channels));
        Tensor inverseDeviation = Tensor.Empty(new Shape(state.Channels));
        Backend.Current.NormalizeRectify(state, x, slopes, y, mean, inverseDeviation);
        return Tape.Remember(
            y,
            NeedsGradient(state, x) || slopes.NeedsGradient,
            dy => Backend.Current.NormalizeRectifyBackward(
                state, x, dy, slopes, mean, inverseDeviation,
                GradientTarget.Of(x), GradientTarget.Of(state.Scale), GradientTarget.Of(state.Shift), GradientTarget.Of(slopes)),
            mean,
            inverseDeviation);
    }

    /// <summary>The same by the running statistics, which are constants here.</summary>
    public static Tensor ByRunning(BatchNormState state, Tensor x)
    {
        Tensor y = Tensor.Empty(x.Shape);
        Backend.Current.NormalizeByRunning(state, x, y);
        return Tape.Remember(
            y,
            NeedsGradient(state, x),
            dy => Backend.Current.NormalizeByRunningBackward(
                state, x, dy, GradientTarget.Of(x), GradientTarget.Of(state.Scale), GradientTarget.Of(state.Shift)));
    }

    private static bool NeedsGradient(BatchNormState s, Tensor x) =>
        x.NeedsGradient || s.Scale is { NeedsGradient: true } || s.Shift is { NeedsGradient: true };
}
