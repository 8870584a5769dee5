using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>body(x) + shortcut(x), the shortcut being x itself when none is given (He et al., CVPR 2016).</summary>
public sealed class Residual : Layer
{
    private readonly Layer _body;
    private readonly Layer? _shortcut;
    private readonly Sum _sum = new();

    /// <summary>A residual block.</summary>
    /// <param name="body">What is learned.</param>
    /// <param name="shortcut">How x reaches the body's output size, when the body changes it.</param>
    public Residual(Layer body, Layer? shortcut = null)
    {
        _body = Add("body", body);
        _shortcut = shortcut is null ? null : Add("shortcut", shortcut);
    }

    /// <summary>Adds up what the body and the shortcut (x itself when there is none) make of <paramref name="x"/>, in one pass with the batch norm
    /// that ends the body, where it can; lets go of the two where no gradient needs them.</summary>
    internal static Tensor Join(Sum join, Tensor x, ReadOnlySpan<Layer> body, Layer? shortcut)
    {
        BatchNorm? norm = body is [.., BatchNorm { IsTraining: true } last] ? last : null;
        Tensor branch = Sequential.Chain(norm is null ? body : body[..^1], x), other = shortcut?.Forward(x) ?? x;
        Tensor sum = norm?.TryForward(branch, other) ?? join.Forward(norm?.Forward(branch) ?? branch, other);
        foreach (Tensor part in (ReadOnlySpan<Tensor>)[branch, other])
        {
            if (!sum.NeedsGradient && part != x)
            {
                part.Release();
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Join(_sum, x, _body is Sequential chain ? chain.Parts : [_body], _shortcut);
}
