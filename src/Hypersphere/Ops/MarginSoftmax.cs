using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>Writes ψ, its slope and its slope over the norm for the target cosines of a batch; says what becomes of the other
/// classes.</summary>
internal delegate NegativeRule? MarginFunction(
    ReadOnlySpan<float> cosines, ReadOnlySpan<float> norms, Span<float> values, Span<float> slopes, Span<float> normSlopes);

/// <summary>Softmax over scaled cosines with a margin on the target, mean over the rows whose label is not −1.</summary>
internal static class MarginSoftmax
{
    public static Tensor Forward(
        Tensor embeddings, Tensor prototypes, ReadOnlyMemory<int> labels, MarginSoftmaxSettings settings, MarginFunction margin,
        ReadOnlyMemory<float> sampleWeights = default)
    {
        int rows = labels.Length;
        MarginSoftmaxTensors t = new(embeddings, prototypes, Backend.Current.Upload(labels, prototypes.Spread), settings);
        Tensor state = Tensor.Empty(new Shape(Backend.Current.MarginSoftmaxStateLength(t)));
        (Tensor cosines, Tensor norms, Tensor values) = (Rows(rows), Rows(rows), Rows(rows));
        (Tensor slopes, Tensor normSlopes, Tensor lossPerRow) = (Rows(rows), Tensor.Zeros(new Shape(rows)), Rows(rows));
        Backend.Current.TargetCosines(t, state, cosines, norms);
        t = WithNegatives(t, margin(cosines.Span, norms.Span, values.Span, slopes.Span, normSlopes.Span));
        Backend.Current.MarginSoftmax(t, state, values, lossPerRow);
        RowWeighting weighting = RowWeighting.Of(lossPerRow, labels.Span, sampleWeights.Span, settings.Focal);
        return Tape.Remember(
            weighting.Loss,
            embeddings.NeedsGradient || prototypes.NeedsGradient,
            dLoss =>
            {
                Tensor weights = weighting.Times(dLoss);
                GradientTarget dEmbeddings = GradientTarget.Of(embeddings);
                if (prototypes.StepInPlace is { } step)
                {
                    prototypes.StepInPlace = null;
                    Backend.Current.MarginSoftmaxBackward(t, state, slopes, normSlopes, weights, dEmbeddings, step);
                }
                else
                {
                    Backend.Current.MarginSoftmaxBackward(t, state, slopes, normSlopes, weights, dEmbeddings, GradientTarget.Of(prototypes));
                }
            },
            state, t.Labels, cosines, norms, values, slopes, normSlopes, lossPerRow, weighting.Weights);
    }

    /// <summary>log Σ_{j≠y} e^{s·cosⱼ} of every row, without a margin and without gradients; −∞ for an ignored row.</summary>
    public static double[] LogOtherSums(
        Tensor embeddings, Tensor prototypes, ReadOnlyMemory<int> labels, MarginSoftmaxSettings settings, Span<float> targetCosines)
    {
        using Scope scope = Scope.Begin();
        MarginSoftmaxTensors t = new(embeddings, prototypes, Backend.Current.Upload(labels, prototypes.Spread), settings);
        Tensor state = Tensor.Empty(new Shape(Backend.Current.MarginSoftmaxStateLength(t)));
        (Tensor cosines, Tensor values, Tensor losses) = (Rows(labels.Length), Tensor.Zeros(new Shape(labels.Length)), Rows(labels.Length));
        Backend.Current.TargetCosines(t, state, cosines, Rows(labels.Length));
        cosines.Span.CopyTo(targetCosines);
        Backend.Current.MarginSoftmax(t, state, values, losses);
        return Array.ConvertAll(losses.ToArray(), loss => loss + Math.Log(1 - Math.Exp(-(double)loss)));
    }

    private static MarginSoftmaxTensors WithNegatives(MarginSoftmaxTensors t, NegativeRule? rule) => rule is null
        ? t
        : t with { Negatives = rule, Thresholds = Tensor.From(rule.Thresholds.Span, new Shape(rule.Thresholds.Length)) };

    private static Tensor Rows(int rows) => Tensor.Empty(new Shape(rows));
}
