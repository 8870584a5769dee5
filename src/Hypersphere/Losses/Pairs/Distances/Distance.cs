using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>How far apart, or how similar, two embeddings are: a matrix over all pairs by one product, with its way back.</summary>
public abstract class Distance
{
    private int _sign;

    /// <summary>Whether a larger value means nearer.</summary>
    public abstract bool IsSimilarity { get; }

    /// <summary>Whether embeddings are brought to length 1 first.</summary>
    public abstract bool Normalize { get; }

    /// <summary>+1 when larger values are farther, −1 for similarities: Sign·value is a distance.</summary>
    public int Sign => _sign != 0 ? _sign : _sign = IsSimilarity ? -1 : 1;

    /// <summary>The value of every pair.</summary>
    /// <param name="x">[N, D].</param>
    /// <param name="references">[M, D]; may be <paramref name="x"/> itself.</param>
    /// <returns>[N, M].</returns>
    public Tensor Matrix(Tensor x, Tensor references)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(references);
        if (references.Shape.Rank != 2 || x.Shape.Rank != 2 || references.Shape[1] != x.Shape[1])
        {
            Throw.Shape(GetType().Name, "the references", $"[M, {x.Shape[^1]}] as the embeddings", references.Shape.ToString());
        }

        if (!Normalize)
        {
            return Values(x, references);
        }

        Tensor unit = Similarity.Unit(x);
        return Values(unit, ReferenceEquals(x, references) ? unit : Similarity.Unit(references));
    }

    /// <summary>The full specification.</summary>
    public override string ToString() => Registry<Distance>.SpecOf(this);

    private protected abstract Tensor Values(Tensor x, Tensor references);
}
