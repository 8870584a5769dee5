using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <summary>Where a backward pass writes: a gradient, whether to add to what is there, or nothing because nobody wants it.</summary>
internal readonly record struct GradientTarget(Tensor? Tensor, bool Accumulate)
{
    public bool Wanted => Tensor is not null;

    public static GradientTarget Of(Tensor? input) =>
        input is { NeedsGradient: true } ? new(input.GradientToWrite(out bool accumulate), accumulate) : default;
}
