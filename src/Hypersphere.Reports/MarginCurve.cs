namespace Hypersphere.Reports;

/// <summary>A loss's margin as a function of the angle to the own prototype.</summary>
/// <param name="Label">Such as "arcface(margin=0.5)"; what follows the name may be drawn on a second line.</param>
/// <param name="Points">By rising angle; 181 or more points from 0° to 180° look smooth.</param>
/// <param name="Source">Paper, for the caption; may be empty.</param>
public sealed record MarginCurve(string Label, IReadOnlyList<MarginPoint> Points, string Source = "")
{
    /// <summary>What the loss makes of another class's cosine, against the angle to that class; empty for a loss that leaves it.</summary>
    public IReadOnlyList<MarginPoint> Negatives { get; init; } = [];

    /// <summary>The angle to the own prototype at which <see cref="Negatives"/> hold, degrees.</summary>
    public double OwnDegrees { get; init; }

    /// <summary>Samples a margin at equal steps over 0° … 180°, the ends included.</summary>
    /// <param name="label">See <see cref="Label"/>.</param>
    /// <param name="margin">From the angle in radians to (ψ, dψ/dcosθ).</param>
    /// <param name="steps">Number of intervals.</param>
    /// <param name="source">See <see cref="Source"/>.</param>
    public static MarginCurve Sample(string label, Func<double, (double Psi, double Slope)> margin, int steps = 360, string source = "")
    {
        ArgumentNullException.ThrowIfNull(margin);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var points = new MarginPoint[steps + 1];
        for (int i = 0; i <= steps; i++)
        {
            (double psi, double slope) = margin(Math.PI * i / steps);
            points[i] = new MarginPoint(180.0 * i / steps, psi, slope);
        }

        return new MarginCurve(label, points, source);
    }

    /// <summary>ψ = cos θ with slope 1: what softmax on normalised embeddings gives, the curve all others are compared with.</summary>
    public static MarginCurve Softmax { get; } = Sample("softmax: cos θ", theta => (Math.Cos(theta), 1));
}

/// <summary>A margin curve at one angle.</summary>
/// <param name="Degrees">θ, angle to the own prototype, 0 … 180.</param>
/// <param name="Psi">ψ(θ), the target logit before the scale; cos θ without margin.</param>
/// <param name="Slope">Gradient factor dψ/dcosθ, 1 without margin; may be infinite at the ends.</param>
public readonly record struct MarginPoint(double Degrees, double Psi, double Slope);
