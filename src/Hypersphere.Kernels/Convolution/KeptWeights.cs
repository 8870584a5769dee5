using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Weights that do not change any more, in the orders in which convolutions read them. A convolution fills it when it first needs
/// one, and is spared that work from then on.</summary>
/// <remarks>For one layer: the same weights, channels, kernel, stride, padding, dilation and groups. Several threads may share it. It holds up
/// to five times the memory of the weights themselves.</remarks>
public sealed unsafe class KeptWeights
{
    private Scratch.Block? _packed, _transformed;

    /// <summary>As <see cref="WeightPacking{S, V}"/> leaves them, or null.</summary>
    internal float* Packed => Pointer(ref _packed);

    /// <summary>As <see cref="WinogradWeights{S, V}"/> leaves them, or null.</summary>
    internal float* Transformed => Pointer(ref _transformed);

    internal void KeepPacked(float* weights, nint floats) => Volatile.Write(ref _packed, Scratch.Block.Copy(weights, floats));

    internal void KeepTransformed(float* weights, nint floats) => Volatile.Write(ref _transformed, Scratch.Block.Copy(weights, floats));

    private static float* Pointer(ref Scratch.Block? block) => Volatile.Read(ref block) is { } kept ? kept.Pointer : null;
}
