namespace Hypersphere.Losses;

/// <summary>Angles from cosines and margins on them, safe at the ends.</summary>
internal static class Angle
{
    /// <summary>Nearer to 0 and π a float32 cosine no longer tells the angle.</summary>
    private const double Blur = 1e-4;

    /// <summary>θ in [0, π].</summary>
    public static double Of(float cosine) => Math.Acos(Math.Clamp((double)cosine, -1, 1));

    /// <summary>d cos(m₁θ + m₂) / d cos θ = m₁·sin(m₁θ + m₂) / sin θ, finite at the ends: the last angles that can be told apart stand in
    /// for them.</summary>
    public static double Slope(double theta, double m1, double m2)
    {
        double t = Math.Clamp(theta, Blur, Math.PI - Blur);
        return m1 * Math.Sin((m1 * t) + m2) / Math.Sin(t);
    }

    /// <summary>ArcFace's ψ: cos(θ + m) up to π − m, past it cos θ − m·sin m; with its slope.</summary>
    public static (double Value, double Slope) Widened(float cosine, double m)
    {
        double theta = Of(cosine);
        return theta < Math.PI - m ? (Math.Cos(theta + m), Slope(theta, 1, m)) : (cosine - (m * Math.Sin(m)), 1);
    }

    /// <summary>ArcFace's easy ψ: cos(θ + m) while θ &lt; 90°, else cos θ; with its slope.</summary>
    public static (double Value, double Slope) EasilyWidened(float cosine, double m)
    {
        double theta = Of(cosine);
        return theta < Math.PI / 2 ? (Math.Cos(theta + m), Slope(theta, 1, m)) : (cosine, 1);
    }

    /// <summary>SphereFace's ψ: (−1)ᵏ·cos(m₁θ + m₂) − 2k with k = ⌊(m₁θ + m₂)/π⌋, which falls from 0 to π; with its slope.</summary>
    public static (double Value, double Slope) Multiplied(float cosine, double m1, double m2 = 0)
    {
        double theta = Of(cosine), phi = (m1 * theta) + m2;
        double k = Math.Floor(((m1 * Math.Min(theta, Math.PI - Blur)) + m2) / Math.PI); // of the angle whose slope stands for π's
        double sign = k % 2 == 0 ? 1 : -1;
        return ((sign * Math.Cos(phi)) - (2 * k), sign * Slope(theta, m1, m2));
    }
}
