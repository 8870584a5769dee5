using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <summary>The tensors and constants of a batch normalisation over the last axis.</summary>
internal sealed record BatchNormState(
    int Channels, Tensor? Scale, Tensor? Shift, Tensor RunningMean, Tensor RunningVariance, float Epsilon, float Momentum)
{
    public int Rows(Tensor x) => x.Count / Channels;
}
