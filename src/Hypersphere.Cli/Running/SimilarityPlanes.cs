using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Running;

/// <summary>How strongly a loss pulls a positive and pushes a negative, against their similarities to the anchor: by the code that
/// trains.</summary>
internal static class SimilarityPlanes
{
    private const int Cells = 80;

    /// <summary>The picture of a loss.</summary>
    /// <param name="spec">Such as “circle(margin=0.25, gamma=256)”.</param>
    /// <exception cref="InputException">No such loss, or one that does not compare an anchor with a positive and a negative.</exception>
    public static SimilarityPlane Of(string spec)
    {
        Loss loss = Registry<Loss>.Create(spec, new LossContext(Classes: 2, Embedding: 3, new Rng(0)));
        var plane = new SimilarityPlane(spec, Cells, Registry<Loss>.Find(Spec.Parse(spec).Name).Attribute.Paper);
        var trio = new Trio(loss, loss is MarginSoftmaxLoss margin ? NormRange.Of(margin)?.Middle ?? 1 : 1);
        for (int row = 0; row < Cells; row++)
        {
            for (int column = 0; column < Cells; column++)
            {
                (_, double pull, double push) = trio.At(plane.Similarity(row), plane.Similarity(column));
                (plane.Positive[row, column], plane.Negative[row, column]) = (Math.Abs(pull), Math.Abs(push));
            }
        }

        if (!plane.Positive.Cast<double>().Concat(plane.Negative.Cast<double>()).Any(g => g > 0))
        {
            throw new InputException($"{spec} has no gradient for a single positive and a single negative, so there is no plane to draw.");
        }

        return plane;
    }
}
