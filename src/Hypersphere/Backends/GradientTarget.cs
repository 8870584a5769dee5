using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <summary>Where a backward pass writes: a gradient, whether to add to what is there, or nothing because nobody wants it.</summary>
internal readonly record struct GradientTarget(Tensor? Tensor, bool Accumulate)
{
    public bool Wanted => Tensor is not null;

    public static GradientTarget Of(Tensor? input) =>
        input is { NeedsGradient: true } ? new(input.GradientToWrite(out bool accumulate), accumulate) : default;

    /// <summary>Adds to an input's gradient what the op does not need any more: its memory becomes the gradient, where there is none to add
    /// to.</summary>
    public static void Give(Tensor gradient, Tensor? input)
    {
        if (input is { NeedsGradient: true, Gradient: null, IsParameter: false, RowsOf: null })
        {
            input.Gradient = gradient.View(input.Shape);
        }
        else if (Of(input) is { Wanted: true } target)
        {
            Backend.Current.Pass(gradient, target);
        }
    }
}
