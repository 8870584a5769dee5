using Hypersphere.Collectives;
using Hypersphere.Kernels;
using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <summary>The tensors and constants of a batch normalisation over the last axis.</summary>
internal sealed record BatchNormState(
    int Channels, Tensor? Scale, Tensor? Shift, Tensor RunningMean, Tensor RunningVariance, float Epsilon, float Momentum)
{
    private double[]? _totals;

    /// <summary>Over whose rows statistics are taken; null for this process' own.</summary>
    public ICollective? Ranks { get; set; }

    public int Rows(Tensor x) => x.Count / Channels;

    /// <summary>Room for what ranks add up.</summary>
    public Span<double> Totals() => _totals ??= new double[BatchNorm.SumsLength(Channels)];
}
