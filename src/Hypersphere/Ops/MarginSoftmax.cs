using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>Writes ψ and its slope for the target cosines of a batch.</summary>
internal delegate void MarginFunction(ReadOnlySpan<float> cosines, ReadOnlySpan<float> norms, Span<float> values, Span<float> slopes);

/// <summary>Softmax over scaled cosines with a margin on the target, mean over the rows whose label is not −1.</summary>
internal static class MarginSoftmax
{
    public static Tensor Forward(
        Tensor embeddings, Tensor prototypes, ReadOnlyMemory<int> labels, float scale, MarginFunction margin, long scratchBudget)
    {
        int rows = labels.Length;
        MarginSoftmaxTensors t = new(embeddings, prototypes, Backend.Current.Upload(labels), scale, scratchBudget);
        Tensor state = Tensor.Empty(new Shape(Backend.Current.MarginSoftmaxStateLength(t)));
        (Tensor cosines, Tensor norms, Tensor values) = (Rows(rows), Rows(rows), Rows(rows));
        (Tensor slopes, Tensor lossPerRow) = (Rows(rows), Rows(rows));
        Backend.Current.TargetCosines(t, state, cosines, norms);
        margin(cosines.Span, norms.Span, values.Span, slopes.Span);
        Backend.Current.MarginSoftmax(t, state, values, lossPerRow);
        int counted = RowMean.Counted(labels.Span);
        return Tape.Remember(
            RowMean.Of(lossPerRow, counted),
            embeddings.NeedsGradient || prototypes.NeedsGradient,
            dLoss => Backend.Current.MarginSoftmaxBackward(
                t, state, slopes, RowMean.Weights(rows, counted, dLoss), GradientTarget.Of(embeddings), GradientTarget.Of(prototypes)),
            state, t.Labels, cosines, norms, values, slopes, lossPerRow);
    }

    private static Tensor Rows(int rows) => Tensor.Empty(new Shape(rows));
}
