using Hypersphere.Losses;
using Hypersphere.Losses.Pairs;
using Hypersphere.Tensors;

namespace Hypersphere.Cli.Running;

/// <summary>One anchor, one positive, one negative in three dimensions, placed so that their similarities to the anchor take wanted
/// values.</summary>
/// <remarks>The gradient of the positive, projected on the direction in which its similarity grows, divided by how fast it grows, is
/// ∂ℓ/∂s_p. Losses with prototypes meet two classes, whose prototypes stand where positive and negative would, all K of a class at one
/// place.</remarks>
internal sealed class Trio
{
    private const int Size = 3;

    private static readonly int[] _own = [0], _both = [0, 1];

    private readonly Loss _loss;
    private readonly Parameter _others;
    private readonly double _norm;

    /// <summary>Sets the stage for a loss that was built for two classes and three dimensions.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="norm">Length of the anchor.</param>
    /// <exception cref="InputException">The loss compares an anchor neither with others nor with prototypes.</exception>
    public Trio(Loss loss, double norm)
    {
        (_loss, _norm) = (loss, norm);
        loss.SetTraining(false);
        _others = loss switch
        {
            PairwiseLoss => new Parameter(new Shape(2, Size), ParameterKind.Weight),
            { Prototypes: { } prototypes } => prototypes,
            _ => throw new InputException($"{loss} does not compare an anchor with one positive and one negative, so there is nothing to draw."),
        };
    }

    /// <summary>The loss, ∂ℓ/∂s_p and ∂ℓ/∂s_n at two similarities inside −1 … 1.</summary>
    public (double Loss, double Positive, double Negative) At(double positive, double negative)
    {
        float[] places =
        [
            (float)positive, (float)Math.Sqrt(1 - (positive * positive)), 0, (float)negative, 0, (float)Math.Sqrt(1 - (negative * negative)),
        ];
        int rows = _others.Value.Shape[0] / 2;
        for (int row = 0; row < 2 * rows; row++)
        {
            places.AsSpan(row / rows * Size, Size).CopyTo(_others.Value.Span[(row * Size)..]);
        }

        _others.Gradient?.Span.Clear();
        using Tape tape = Tape.Record();
        Tensor anchor = Tensor.From([(float)_norm, 0, 0], new Shape(1, Size));
        Tensor value = _loss is PairwiseLoss pairs ? pairs.Forward(anchor, _own, _others.Value, _both) : _loss.Forward(anchor, _own);
        double loss = value.Item();
        tape.Backward(value);
        return (loss, Along(0, rows), Along(rows, rows));
    }

    /// <summary>∂ℓ/∂s of some rows with gradients g at one place: s grows along a − s·place, at a rate of 1 − s².</summary>
    private double Along(int first, int rows)
    {
        if (_others.Gradient is not { } gradient)
        {
            return 0;
        }

        ReadOnlySpan<float> place = _others.Value.Span.Slice(first * Size, Size);
        double s = place[0], along = 0;
        for (int i = 0; i < rows * Size; i++)
        {
            along += gradient.Span[(first * Size) + i] * ((i % Size == 0 ? 1 : 0) - (s * place[i % Size]));
        }

        return along / (1 - (s * s));
    }
}
