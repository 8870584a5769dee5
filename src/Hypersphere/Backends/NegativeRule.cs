namespace Hypersphere.Backends;

/// <summary>What becomes of the cosines of other classes above a threshold of the row: a quadratic, with a slope of its own.</summary>
internal sealed record NegativeRule(
    ReadOnlyMemory<float> Thresholds, float Constant, float Linear, float Quadratic, float SlopeConstant, float SlopeLinear, float Easy);
