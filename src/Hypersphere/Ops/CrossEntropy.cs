using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>Softmax and cross-entropy, mean over the rows whose label is not −1.</summary>
internal static class CrossEntropy
{
    public static Tensor Forward(Tensor logits, ReadOnlyMemory<int> labels)
    {
        Tensor uploaded = Backend.Current.Upload(labels);
        Tensor probabilities = Tensor.Empty(logits.Shape);
        Tensor lossPerRow = Tensor.Empty(new Shape(labels.Length));
        Backend.Current.CrossEntropy(logits, uploaded, lossPerRow, probabilities);
        int counted = RowMean.Counted(labels.Span);
        return Tape.Remember(
            RowMean.Of(lossPerRow, counted),
            logits.NeedsGradient,
            dLoss => Backend.Current.CrossEntropyBackward(
                probabilities, uploaded, RowMean.Weights(labels.Length, counted, dLoss), GradientTarget.Of(logits)),
            probabilities,
            uploaded,
            lossPerRow);
    }
}
