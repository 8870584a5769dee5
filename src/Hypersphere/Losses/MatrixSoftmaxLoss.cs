using System.Buffers;
using Hypersphere.Ops;
using Hypersphere.Tensors;

namespace Hypersphere.Losses;

/// <summary>A cross-entropy whose logits are computed row by row from a matrix of cosines (or products) that is held in memory.</summary>
/// <remarks>Holds two N×M matrices from Forward to Backward, M the number of prototypes: the cosines and their derivatives.</remarks>
public abstract class MatrixSoftmaxLoss : CrossEntropyLoss
{
    private protected MatrixSoftmaxLoss(LossContext context, int centers = 1)
        : base(context, centers)
    {
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights)
    {
        int classes = Context.Classes;
        return RowFunction.Forward(Matrix(embeddings, labels), labels, sampleWeights, Focal, (row, values, gradient) =>
        {
            float[] buffer = ArrayPool<float>.Shared.Rent(classes);
            Span<float> logits = buffer.AsSpan(0, classes);
            int label = labels.Span[row];
            WriteLogits(label, values, logits);
            double loss = SoftmaxRow.CrossEntropy(logits, label, Smoothing);
            Spread(label, values, logits, gradient);
            ArrayPool<float>.Shared.Return(buffer);
            return loss;
        });
    }

    /// <summary>The matrix that decides the logits, on the tape: cosines with all prototypes unless overridden.</summary>
    private protected virtual Tensor Matrix(Tensor embeddings, ReadOnlyMemory<int> labels) =>
        Similarity.Products(Similarity.Unit(embeddings), Similarity.Unit(Prototypes.Value));

    /// <summary>Writes the logits of a row; the label may be −1.</summary>
    private protected abstract void WriteLogits(int label, ReadOnlySpan<float> values, Span<float> logits);

    /// <summary>Writes the derivatives by the row of the matrix, given those by its logits; <paramref name="gradient"/> holds
    /// zeros.</summary>
    private protected abstract void Spread(int label, ReadOnlySpan<float> values, ReadOnlySpan<float> byLogits, Span<float> gradient);

    private protected sealed override Tensor LogitsOf(Tensor embeddings, ReadOnlyMemory<int> labels)
    {
        Tensor matrix = Matrix(embeddings, labels), logits = Tensor.Empty(new Shape(labels.Length, Context.Classes));
        for (int i = 0, size = matrix.Shape[1]; i < labels.Length; i++)
        {
            WriteLogits(labels.Span[i], matrix.Span.Slice(i * size, size), logits.Span.Slice(i * Context.Classes, Context.Classes));
        }

        return logits;
    }
}
