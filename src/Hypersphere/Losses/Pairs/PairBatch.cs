using System.Runtime.InteropServices;
using Hypersphere.Ops;
using Hypersphere.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypersphere.Losses.Pairs;

/// <summary>A batch as pair losses and miners see it: anchors against references, every pair with its value and its relation.</summary>
/// <remarks>Holds N·M values, as many gradients where a loss asks for them, and N·M bytes of relations. Rows may be worked on in
/// parallel.</remarks>
public sealed class PairBatch
{
    private readonly Tensor _values;
    private readonly Tensor _relations;
    private readonly Tensor? _gradients;
    private readonly ReadOnlyMemory<int> _labels;
    private readonly ReadOnlyMemory<int> _referenceLabels;
    private readonly ReadOnlyMemory<int> _self;
    private readonly int[] _anchors;

    internal PairBatch(Distance distance, Tensor values, Tensor relations, Tensor? gradients, in PairSides sides)
    {
        (Distance, _values, _relations, _gradients) = (distance, values, relations, gradients);
        (_labels, _referenceLabels, _self, Random) = (sides.Labels, sides.ReferenceLabels, sides.Self, sides.Random);
        IsOneSet = sides.IsOneSet;
        _anchors = IsOneSet || _self.Length == 0 ? [] : Inverse(_self.Span, _referenceLabels.Length);
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

    /// <summary>Which anchor a reference is, −1 if none.</summary>
    public int AnchorOf(int reference) => IsOneSet ? reference : _anchors.Length == 0 ? -1 : _anchors[reference];

    /// <summary>Whether the batch has a pair of this relation at all.</summary>
    public bool Has(Relation relation) =>
        MemoryMarshal.AsBytes(MemoryMarshal.Cast<float, Relation>(_relations.Span)[..(Anchors * References)]).Contains((byte)relation);

    /// <summary>Whether a pair is one of an earlier row turned round: (other, anchor), of the same relation.</summary>
    public bool IsRepeat(int anchor, int other) =>
        AnchorOf(other) is var row && row >= 0 && row < anchor && SelfOf(anchor) is var self && self >= 0
        && Relations(row)[self] == Relations(anchor)[other];

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
        PairSides who = sides;
        ParallelRows.Run(rows, i =>
        {
            Span<Relation> row = MemoryMarshal.Cast<float, Relation>(relations.Span).Slice(i * columns, columns);
            ReadOnlySpan<int> others = who.ReferenceLabels.Span;
            int label = who.Labels.Span[i], self = who.Self.Length == 0 ? -1 : who.Self.Span[i];
            for (int j = 0; j < row.Length && label >= 0; j++)
            {
                row[j] = j == self || others[j] < 0 ? Relation.None : others[j] == label ? Relation.Positive : Relation.Negative;
            }
        });
        return relations;
    }

    /// <summary>Multiplies all gradients.</summary>
    internal void ScaleGradients(double factor) => ParallelRows.Run(
        Anchors, i => TensorPrimitives.Multiply(Gradients(i), (float)factor, Gradients(i)));

    private static int[] Inverse(ReadOnlySpan<int> self, int references)
    {
        int[] anchors = new int[references];
        Array.Fill(anchors, -1);
        for (int i = 0; i < self.Length; i++)
        {
            if (self[i] >= 0)
            {
                anchors[self[i]] = i;
            }
        }

        return anchors;
    }
}
