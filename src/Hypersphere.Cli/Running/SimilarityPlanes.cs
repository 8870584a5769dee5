using Hypersphere.Losses;
using Hypersphere.Losses.Pairs;
using Hypersphere.Registry;
using Hypersphere.Reports;
using Hypersphere.Tensors;

namespace Hypersphere.Cli.Running;

/// <summary>How strongly a loss pulls a positive and pushes a negative, against their similarities to the anchor: by the code that trains.</summary>
/// <remarks>One anchor, one positive, one negative in three dimensions, placed so that the similarities take the wanted values. The gradient of
/// the positive, projected on the direction in which its similarity grows, divided by how fast it grows, is ∂ℓ/∂s_p. Losses with prototypes
/// meet two classes, whose prototypes stand where positive and negative would.</remarks>
internal static class SimilarityPlanes
{
    private const int Cells = 80;

    private static readonly int[] _own = [0], _both = [0, 1];

    /// <summary>The picture of a loss.</summary>
    /// <param name="spec">Such as “circle(margin=0.25, gamma=256)”.</param>
    /// <exception cref="InputException">No such loss, or one that does not compare an anchor with a positive and a negative.</exception>
    public static SimilarityPlane Of(string spec)
    {
        Loss loss = Registry<Loss>.Create(spec, new LossContext(Classes: 2, Embedding: 3, new Rng(0)));
        loss.SetTraining(false);
        var plane = new SimilarityPlane(spec, Cells, Registry<Loss>.Find(Spec.Parse(spec).Name).Attribute.Paper);
        double norm = loss is MarginSoftmaxLoss margin ? NormRange.Of(margin)?.Middle ?? 1 : 1;
        for (int row = 0; row < Cells; row++)
        {
            for (int column = 0; column < Cells; column++)
            {
                (plane.Positive[row, column], plane.Negative[row, column]) =
                    Gradients(loss, spec, plane.Similarity(row), plane.Similarity(column), norm);
            }
        }

        if (!plane.Positive.Cast<double>().Concat(plane.Negative.Cast<double>()).Any(g => g > 0))
        {
            throw new InputException($"{spec} has no gradient for a single positive and a single negative, so there is no plane to draw.");
        }

        return plane;
    }

    /// <summary>|∂ℓ/∂s_p| and |∂ℓ/∂s_n|.</summary>
    private static (double Positive, double Negative) Gradients(Loss loss, string spec, double sp, double sn, double norm)
    {
        float[] places = [(float)sp, (float)Math.Sqrt(1 - (sp * sp)), 0, (float)sn, 0, (float)Math.Sqrt(1 - (sn * sn))];
        Parameter others = Others(loss, spec);
        places.CopyTo(others.Value.Span);
        others.Gradient?.Span.Clear();
        using Tape tape = Tape.Record();
        Tensor anchor = Tensor.From([(float)norm, 0, 0], new Shape(1, 3));
        Tensor value = loss is PairwiseLoss pairs
            ? pairs.Forward(anchor, _own, others.Value, _both) : loss.Forward(anchor, _own);
        tape.Backward(value);
        ReadOnlySpan<float> gradient = others.Gradient is { } g ? g.Span : new float[6];
        return (Math.Abs(Along(gradient[..3], places.AsSpan(0, 3))), Math.Abs(Along(gradient[3..], places.AsSpan(3, 3))));
    }

    private static Parameter Others(Loss loss, string spec) => loss switch
    {
        PairwiseLoss => new Parameter(new Shape(2, 3), ParameterKind.Weight),
        { Prototypes: { } prototypes, PrototypesPerClass: 1 } => prototypes,
        _ => throw new InputException($"{spec} does not compare an anchor with one positive and one negative, so there is no plane to draw."),
    };

    /// <summary>∂ℓ/∂s for a place with gradient g: s grows along a − s·place, at a rate of 1 − s².</summary>
    private static double Along(ReadOnlySpan<float> g, ReadOnlySpan<float> place)
    {
        double s = place[0], along = 0;
        for (int i = 0; i < 3; i++)
        {
            along += g[i] * ((i == 0 ? 1 : 0) - (s * place[i]));
        }

        return along / (1 - (s * s));
    }
}
