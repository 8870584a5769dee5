using Hypersphere.Kernels;
using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <content>Losses.</content>
internal unsafe partial class Backend
{
    /// <summary>Labels where kernels can read them: their bits in a tensor.</summary>
    public virtual Tensor Upload(ReadOnlyMemory<int> labels)
    {
        Tensor tensor = Tensor.Empty(new Shape(labels.Length));
        labels.Span.CopyTo(new Span<int>((int*)tensor.Pointer, labels.Length));
        return tensor;
    }

    public virtual void CrossEntropy(Tensor logits, Tensor labels, Tensor lossPerRow, Tensor probabilities) =>
        SoftmaxCrossEntropy.Forward(
            logits.Shape[0], logits.Shape[1], logits.Pointer, (int*)labels.Pointer, lossPerRow.Pointer, probabilities.Pointer);

    public virtual void CrossEntropyBackward(Tensor probabilities, Tensor labels, Tensor rowWeights, in GradientTarget dLogits) =>
        SoftmaxCrossEntropy.Backward(
            probabilities.Shape[0], probabilities.Shape[1], probabilities.Pointer, (int*)labels.Pointer, rowWeights.Pointer,
            dLogits.Tensor!.Pointer, dLogits.Accumulate);

    /// <summary>The sum of all numbers, in an order that does not depend on threads.</summary>
    public virtual double Sum(Tensor x) => Reduction.Sum(x.Count, x.Pointer);

    public virtual double SumOfSquares(Tensor x) => Reduction.SumOfSquares(x.Count, x.Pointer);

    /// <summary>Position of the first NaN or infinity, −1 if there is none.</summary>
    public virtual int FirstNonFinite(Tensor x) => Reduction.FirstNonFinite(x.Count, x.Pointer);
}
