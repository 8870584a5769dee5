namespace Hypersphere.Kernels;

/// <summary>How a loss adjusts the cosines of the other classes: nothing, or a quadratic above a threshold of the row.</summary>
/// <remarks>For cos &gt; t_i: value = Constant + Linear·cos + Quadratic·cos², slope = SlopeConstant + SlopeLinear·cos; below: Easy·cos.
/// CurricularFace: Linear = t, Quadratic = 1. MV-Softmax: Constant = t − 1, Linear = t.</remarks>
public unsafe struct HardNegatives
{
    /// <summary>[N], t_i; null leaves every cosine as it is.</summary>
    public float* Thresholds { get; set; }

    /// <summary>Term without cos.</summary>
    public float Constant { get; set; }

    /// <summary>Factor of cos.</summary>
    public float Linear { get; set; }

    /// <summary>Factor of cos².</summary>
    public float Quadratic { get; set; }

    /// <summary>Slope at cos = 0.</summary>
    public float SlopeConstant { get; set; }

    /// <summary>How the slope grows with cos.</summary>
    public float SlopeLinear { get; set; }

    /// <summary>Factor of cos at and below the threshold.</summary>
    public float Easy { get; set; }

    /// <summary>The quadratic with its true slope, plain cosines below.</summary>
    /// <param name="thresholds">[N], t_i.</param>
    /// <param name="constant">Term without cos.</param>
    /// <param name="linear">Factor of cos.</param>
    /// <param name="quadratic">Factor of cos².</param>
    public static HardNegatives Above(float* thresholds, float constant, float linear, float quadratic) => new()
    {
        Thresholds = thresholds,
        Constant = constant,
        Linear = linear,
        Quadratic = quadratic,
        SlopeConstant = linear,
        SlopeLinear = 2 * quadratic,
        Easy = 1,
    };
}
