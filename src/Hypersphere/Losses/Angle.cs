namespace Hypersphere.Losses;

/// <summary>Angles from cosines, safe at the ends.</summary>
internal static class Angle
{
    /// <summary>Below this sine a float32 cosine no longer tells the angle; slopes that divide by the sine stop growing here.</summary>
    private const double SmallestSine = 1e-4;

    /// <summary>θ in [0, π].</summary>
    public static double Of(float cosine) => Math.Acos(Math.Clamp((double)cosine, -1, 1));

    /// <summary>sin θ, kept away from 0 for division.</summary>
    public static double Sine(double theta) => Math.Max(Math.Sin(theta), SmallestSine);
}
