using Hypersphere.Backends;

namespace Hypersphere.Losses;

/// <summary>How a loss changes the cosines of the other classes: nothing up to a threshold of the row, a quadratic above it.</summary>
/// <remarks>v(cos) = Constant + Linear·cos + Quadratic·cos² where cos &gt; tᵢ, else Easy·cos. Being data, not code, it runs inside the
/// fused kernel. CurricularFace: Linear = t, Quadratic = 1. MV-Softmax: Constant = t − 1, Linear = t.</remarks>
/// <param name="Thresholds">tᵢ, one a row.</param>
/// <param name="Constant">Term without the cosine.</param>
/// <param name="Linear">Factor of the cosine.</param>
/// <param name="Quadratic">Factor of the squared cosine.</param>
public sealed record HardNegatives(ReadOnlyMemory<float> Thresholds, float Constant, float Linear, float Quadratic)
{
    /// <summary>Slope at cosine 0 above the threshold; the true one unless set, which detaches a part.</summary>
    public float SlopeConstant { get; init; } = Linear;

    /// <summary>How the slope grows with the cosine above the threshold; the true one unless set.</summary>
    public float SlopeLinear { get; init; } = 2 * Quadratic;

    /// <summary>Factor of the cosine up to the threshold.</summary>
    public float Easy { get; init; } = 1;

    /// <summary>v(cos) and its slope in a row, as the kernel computes them.</summary>
    public (float Value, float Slope) At(int row, float cosine) => cosine > Thresholds.Span[row]
        ? (Constant + (cosine * (Linear + (cosine * Quadratic))), SlopeConstant + (cosine * SlopeLinear))
        : (Easy * cosine, Easy);

    internal NegativeRule Rule => new(Thresholds, Constant, Linear, Quadratic, SlopeConstant, SlopeLinear, Easy);

    /// <summary>Cosines above one threshold for all rows count as 0.</summary>
    internal static HardNegatives Dropped(int rows, float threshold)
    {
        float[] thresholds = new float[rows];
        thresholds.AsSpan().Fill(threshold);
        return new(thresholds, 0, 0, 0);
    }
}
