using System.ComponentModel;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>var(xᵢ − rⱼ) / var(xᵢ) over the coordinates: the noise that turns the anchor into the other, relative to the anchor's
/// signal.</summary>
/// <remarks>Not symmetric. The value with an anchor of equal coordinates is 0, without a gradient. One product: 2·N·M·D flops.</remarks>
/// <param name="normalize">Whether embeddings are brought to length 1 first.</param>
[Component("snr", Summary = "noise-to-signal ratio of a pair, the anchor being the signal", Equation = "var(xᵢ − rⱼ) / var(xᵢ)")]
public sealed class SnrDistance([Description("bring embeddings to length 1 first")] bool normalize = true) : Distance
{
    /// <inheritdoc/>
    public override bool IsSimilarity => false;

    /// <inheritdoc/>
    public override bool Normalize { get; } = normalize;

    private protected override Tensor Values(Tensor x, Tensor references) => SignalToNoise.Forward(x, references);
}
