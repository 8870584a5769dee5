namespace Hypersphere.Losses;

/// <summary>Angles from cosines, safe at the ends.</summary>
internal static class Angle
{
    /// <summary>Nearer to 0 and π a float32 cosine no longer tells the angle.</summary>
    private const double Blur = 1e-4;

    /// <summary>θ in [0, π].</summary>
    public static double Of(float cosine) => Math.Acos(Math.Clamp((double)cosine, -1, 1));

    /// <summary>d cos(m₁θ + m₂) / d cos θ = m₁·sin(m₁θ + m₂) / sin θ, finite at the ends: the last angles that can be told apart stand in for them.</summary>
    public static double Slope(double theta, double m1, double m2)
    {
        double t = Math.Clamp(theta, Blur, Math.PI - Blur);
        return m1 * Math.Sin((m1 * t) + m2) / Math.Sin(t);
    }
}
