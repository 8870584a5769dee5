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

    /// <summary>Adds up the two branches that began at <paramref name="x"/>, and lets go of them where no gradient needs them.</summary>
    internal static Tensor Join(Sum join, Tensor x, Tensor body, Tensor shortcut)
    {
        Tensor sum = join.Forward(body, shortcut);
        foreach (Tensor branch in (ReadOnlySpan<Tensor>)[body, shortcut])
        {
            if (!sum.NeedsGradient && branch != x)
            {
                branch.Release();
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Join(_sum, x, _body.Forward(x), _shortcut is null ? x : _shortcut.Forward(x));
}
