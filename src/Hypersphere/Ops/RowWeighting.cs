using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>How the losses of rows make one: the mean over the rows that count of weightᵢ·(1 − e^{−ℓᵢ})^γ·ℓᵢ, with its derivative by
/// ℓᵢ.</summary>
/// <param name="Loss">The mean.</param>
/// <param name="Weights">[N], dLoss/dℓᵢ.</param>
internal readonly record struct RowWeighting(Tensor Loss, Tensor Weights)
{
    /// <param name="lossPerRow">[N], changed in place when weights or a focal factor apply.</param>
    /// <param name="labels">−1 where a row does not count.</param>
    /// <param name="sampleWeights">One a row, or empty for 1.</param>
    /// <param name="focal">γ; 0 is the plain mean.</param>
    public static RowWeighting Of(Tensor lossPerRow, ReadOnlySpan<int> labels, ReadOnlySpan<float> sampleWeights, float focal)
    {
        int counted = Math.Max(RowMean.Counted(labels), 1);
        Tensor weights = Tensor.Empty(new Shape(labels.Length));
        weights.Span.Fill(1f / counted);
        Span<float> losses = lossPerRow.Span;
        for (int i = 0; i < losses.Length && (focal > 0 || sampleWeights.Length > 0); i++)
        {
            (double value, double slope) = Focal(losses[i], focal);
            float weight = labels[i] < 0 ? 0 : sampleWeights.Length > 0 ? sampleWeights[i] : 1;
            losses[i] = (float)(value * weight);
            weights.Span[i] = (float)(slope * weight / counted);
        }

        return new(RowMean.Of(lossPerRow, counted), weights);
    }

    /// <summary>[N], dLoss·dLoss/dℓᵢ.</summary>
    public Tensor Times(Tensor dLoss)
    {
        Tensor scaled = Tensor.Empty(Weights.Shape);
        float factor = dLoss.Item();
        for (int i = 0; i < scaled.Count; i++)
        {
            scaled.Span[i] = Weights.Span[i] * factor;
        }

        return scaled;
    }

    /// <summary>q^γ·ℓ and its slope γ·q^{γ−1}·(1 − q)·ℓ + q^γ, with q = 1 − e^{−ℓ}.</summary>
    private static (double Value, double Slope) Focal(double loss, double gamma)
    {
        double p = Math.Exp(-loss), q = loss < 1e-5 ? loss : 1 - p;
        return gamma == 0 ? (loss, 1) : q <= 0 ? (0, 0) : (Math.Pow(q, gamma) * loss, (gamma * Math.Pow(q, gamma - 1) * p * loss) + Math.Pow(q, gamma));
    }
}
