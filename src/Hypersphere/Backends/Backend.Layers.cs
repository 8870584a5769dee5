using Hypersphere.Kernels;
using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <content>Normalisation, activations, pooling, dropout.</content>
internal unsafe partial class Backend
{
    /// <summary>y = γ·(x − μ)/√(σ² + ε) + β by the batch's statistics, plus what else is to be added.</summary>
    public virtual void NormalizeBatch(BatchNormState s, Tensor x, Tensor? plus, Tensor y, Tensor mean, Tensor inverseDeviation)
    {
        Statistics(s, x, mean, inverseDeviation);
        BatchNorm.Normalize(
            s.Rows(x), s.Channels, x.Pointer, Optional(s.Scale), Optional(s.Shift), mean.Pointer, inverseDeviation.Pointer, y.Pointer, Optional(plus));
    }

    public virtual void NormalizeBatchBackward(
        BatchNormState s, Tensor x, Tensor dy, Tensor mean, Tensor inverseDeviation, in GradientTarget dx, in GradientTarget dScale, in GradientTarget dShift)
    {
        Span<double> totals = s.Totals();
        BatchNorm.GradientSums(
            s.Rows(x), s.Channels, x.Pointer, dy.Pointer, mean.Pointer, inverseDeviation.Pointer,
            Optional(dScale.Tensor), Optional(dShift.Tensor), dScale.Accumulate || dShift.Accumulate, totals);
        s.Ranks?.AllReduceSum(totals);
        BatchNorm.InputGradient(
            s.Rows(x), s.Channels, x.Pointer, dy.Pointer, totals, Optional(s.Scale), mean.Pointer, inverseDeviation.Pointer,
            Optional(dx.Tensor), dx.Accumulate);
    }

    public virtual void NormalizeRectify(BatchNormState s, Tensor x, Tensor slopes, Tensor y, Tensor mean, Tensor inverseDeviation)
    {
        Statistics(s, x, mean, inverseDeviation);
        BatchNorm.Rectify(
            s.Rows(x), s.Channels, x.Pointer, Optional(s.Scale), Optional(s.Shift), slopes.Pointer, mean.Pointer, inverseDeviation.Pointer, y.Pointer);
    }

    public virtual void NormalizeRectifyBackward(
        BatchNormState s, Tensor x, Tensor dy, Tensor slopes, Tensor mean, Tensor inverseDeviation,
        in GradientTarget dx, in GradientTarget dScale, in GradientTarget dShift, in GradientTarget dSlopes)
    {
        Span<double> totals = s.Totals();
        BatchNorm.RectifiedGradientSums(
            s.Rows(x), s.Channels, x.Pointer, dy.Pointer, Optional(s.Scale), Optional(s.Shift), slopes.Pointer, mean.Pointer, inverseDeviation.Pointer,
            Optional(dScale.Tensor), Optional(dShift.Tensor), Optional(dSlopes.Tensor),
            dScale.Accumulate || dShift.Accumulate || dSlopes.Accumulate, totals);
        s.Ranks?.AllReduceSum(totals);
        BatchNorm.RectifiedInputGradient(
            s.Rows(x), s.Channels, x.Pointer, dy.Pointer, totals, Optional(s.Scale), Optional(s.Shift), slopes.Pointer, mean.Pointer,
            inverseDeviation.Pointer, Optional(dx.Tensor), dx.Accumulate);
    }

    private static void Statistics(BatchNormState s, Tensor x, Tensor mean, Tensor inverseDeviation)
    {
        if (s.Ranks is not { Size: > 1 } ranks)
        {
            BatchNorm.Statistics(
                s.Rows(x), s.Channels, x.Pointer, s.Epsilon, s.Momentum, s.RunningMean.Pointer, s.RunningVariance.Pointer,
                mean.Pointer, inverseDeviation.Pointer);
            return;
        }

        Span<double> totals = s.Totals();
        BatchNorm.Sums(s.Rows(x), s.Channels, x.Pointer, totals);
        ranks.AllReduceSum(totals);
        BatchNorm.StatisticsFromSums(
            s.Channels, totals, s.Epsilon, s.Momentum, s.RunningMean.Pointer, s.RunningVariance.Pointer, mean.Pointer, inverseDeviation.Pointer);
    }

    public virtual void NormalizeByRunning(BatchNormState s, Tensor x, Tensor y) =>
        BatchNorm.ForwardEval(
            s.Rows(x), s.Channels, x.Pointer, Optional(s.Scale), Optional(s.Shift), s.Epsilon,
            s.RunningMean.Pointer, s.RunningVariance.Pointer, y.Pointer);

    public virtual void NormalizeByRunningBackward(
        BatchNormState s, Tensor x, Tensor dy, in GradientTarget dx, in GradientTarget dScale, in GradientTarget dShift) =>
        BatchNorm.BackwardEval(
            s.Rows(x), s.Channels, x.Pointer, dy.Pointer, Optional(s.Scale), s.Epsilon, s.RunningMean.Pointer, s.RunningVariance.Pointer,
            Optional(dx.Tensor), dx.Accumulate, Optional(dScale.Tensor), Optional(dShift.Tensor), dScale.Accumulate || dShift.Accumulate);

    public virtual void Relu(Tensor x, Tensor y) => Kernels.Relu.Forward(x.Count, x.Pointer, y.Pointer);

    public virtual void ReluBackward(Tensor y, Tensor dy, in GradientTarget dx) =>
        Kernels.Relu.Backward(y.Count, y.Pointer, dy.Pointer, dx.Tensor!.Pointer, dx.Accumulate);

    public virtual void PRelu(Tensor x, Tensor slope, Tensor y) =>
        Kernels.PRelu.Forward(x.Count / x.Shape[-1], x.Shape[-1], x.Pointer, slope.Pointer, slope.Count, y.Pointer);

    public virtual void PReluBackward(Tensor x, Tensor dy, Tensor slope, in GradientTarget dx, in GradientTarget dSlope) =>
        Kernels.PRelu.Backward(
            x.Count / x.Shape[-1], x.Shape[-1], x.Pointer, dy.Pointer, slope.Pointer, slope.Count,
            Optional(dx.Tensor), dx.Accumulate, Optional(dSlope.Tensor), dSlope.Accumulate);

    public virtual void MaxPool(in PoolShape s, Tensor x, Tensor y, Tensor? argmax) =>
        Kernels.MaxPool.Forward(s, x.Pointer, y.Pointer, (int*)Optional(argmax));

    public virtual void MaxPoolBackward(in PoolShape s, Tensor dy, Tensor argmax, in GradientTarget dx) =>
        Kernels.MaxPool.Backward(s, dy.Pointer, (int*)argmax.Pointer, dx.Tensor!.Pointer, dx.Accumulate);

    public virtual void AveragePool(in PoolShape s, Tensor x, Tensor y) => Kernels.AveragePool.Forward(s, x.Pointer, y.Pointer);

    public virtual void AveragePoolBackward(in PoolShape s, Tensor dy, in GradientTarget dx) =>
        Kernels.AveragePool.Backward(s, dy.Pointer, dx.Tensor!.Pointer, dx.Accumulate);

    public virtual void GlobalAveragePool(Tensor x, Tensor y) =>
        Kernels.GlobalAveragePool.Forward(x.Shape[0], x.Shape[1] * x.Shape[2], x.Shape[3], x.Pointer, y.Pointer);

    public virtual void GlobalAveragePoolBackward(Tensor dy, in GradientTarget dx) =>
        Kernels.GlobalAveragePool.Backward(
            dx.Tensor!.Shape[0], dx.Tensor.Shape[1] * dx.Tensor.Shape[2], dx.Tensor.Shape[3], dy.Pointer, dx.Tensor.Pointer, dx.Accumulate);

    public virtual void Drop(Tensor x, float keep, ulong key, long first, Tensor y) =>
        Dropout.Apply(x.Count, x.Pointer, y.Pointer, keep, key, first: first);

    public virtual void DropBackward(Tensor dy, float keep, ulong key, long first, in GradientTarget dx) =>
        Dropout.Apply(dy.Count, dy.Pointer, dx.Tensor!.Pointer, keep, key, dx.Accumulate, first);
}
