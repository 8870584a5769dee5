using System.Runtime.InteropServices;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>A batch as pair losses and miners see it: anchors against references, every pair with its value and its relation.</summary>
/// <remarks>Holds N·M values, as many gradients where a loss asks for them, and N·M bytes of relations. Rows may be worked on in parallel.</remarks>
public sealed class PairBatch
{
    private readonly Tensor _values;
    private readonly Tensor _relations;
    private readonly Tensor? _gradients;
    private readonly ReadOnlyMemory<int> _labels;
    private readonly ReadOnlyMemory<int> _referenceLabels;
    private readonly ReadOnlyMemory<int> _self;

    internal PairBatch(Distance distance, Tensor values, Tensor relations, Tensor? gradients, in PairSides sides)
    {
        (Distance, _values, _relations, _gradients) = (distance, values, relations, gradients);
        (_labels, _referenceLabels, _self, Random) = (sides.Labels, sides.ReferenceLabels, sides.Self, sides.Random);
        IsOneSet = sides.IsOneSet;
    }

    /// <summary>N.</summary>
    public int Anchors => _labels.Length;

    /// <summary>M.</summary>
    public int References => _referenceLabels.Length;

    /// <summary>D, numbers in an embedding.</summary>
    public int Dimensions { get; internal init; }

    /// <summary>What the values are.</summary>
    public Distance Distance { get; }

    /// <summary>Whether the references are the anchors themselves, row for row.</summary>
    public bool IsOneSet { get; }

    /// <summary>Randomness of this batch: fork it by a purpose and the anchor.</summary>
    public Rng Random { get; }

    /// <summary>N classes; −1 for a row that takes no part.</summary>
    public ReadOnlySpan<int> Labels => _labels.Span;

    /// <summary>M classes.</summary>
    public ReadOnlySpan<int> ReferenceLabels => _referenceLabels.Span;

    /// <summary>Which reference is the anchor itself, −1 if none.</summary>
    public int SelfOf(int anchor) => _self.Length == 0 ? -1 : _self.Span[anchor];

    /// <summary>[M], distance or similarity of the anchor to every reference.</summary>
    public ReadOnlySpan<float> Values(int anchor) => _values.Span.Slice(anchor * References, References);

    /// <summary>[M], what every reference is to the anchor.</summary>
    public ReadOnlySpan<Relation> Relations(int anchor) => WritableRelations(anchor);

    /// <summary>[M], dLoss/dValue, zeros to begin with.</summary>
    public Span<float> Gradients(int anchor) => _gradients!.Span.Slice(anchor * References, References);

    /// <summary>How many references have a relation to an anchor.</summary>
    public int Count(int anchor, Relation relation) => MemoryMarshal.AsBytes(Relations(anchor)).Count((byte)relation);

    internal Span<Relation> WritableRelations(int anchor) =>
        MemoryMarshal.Cast<float, Relation>(_relations.Span).Slice(anchor * References, References);

    /// <summary>Every pair of known classes: positive, negative, or none with itself.</summary>
    internal static Tensor Relate(in PairSides sides)
    {
        (int rows, int columns) = (sides.Labels.Length, sides.ReferenceLabels.Length);
        Tensor relations = Tensor.Zeros(new Shape(checked(((rows * columns) + 3) / 4) + 1));
        Span<Relation> all = MemoryMarshal.Cast<float, Relation>(relations.Span);
        for (int i = 0; i < rows; i++)
        {
            int label = sides.Labels.Span[i], self = sides.Self.Length == 0 ? -1 : sides.Self.Span[i];
            for (int j = 0; j < columns && label >= 0; j++)
            {
                int other = sides.ReferenceLabels.Span[j];
                all[(i * columns) + j] = j == self || other < 0 ? Relation.None : other == label ? Relation.Positive : Relation.Negative;
            }
        }

        return relations;
    }
}
