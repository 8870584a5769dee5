namespace Hypersphere.Evaluation;

/// <summary>Two samples and their cosine.</summary>
/// <param name="First">Row of one.</param>
/// <param name="Second">Row of the other.</param>
/// <param name="Score">Cosine of the angle between them.</param>
public readonly record struct ScoredPair(int First, int Second, double Score)
{
    /// <summary>The angle between them, in degrees.</summary>
    public double Degrees => Vectors.Degrees(Score);
}
