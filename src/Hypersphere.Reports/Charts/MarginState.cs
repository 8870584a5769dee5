namespace Hypersphere.Reports.Charts;

/// <summary>Where the sliders stand that all losses share.</summary>
/// <remarks>explorer.js computes the same three quantities; a browser test holds the two together.</remarks>
internal sealed record MarginState(double Scale, double Classes, double PrototypeDegrees)
{
    public static MarginState Start { get; } = new(16, 1000, 90);

    /// <summary>Probability of the own class when the prototypes of all others stand at 90°.</summary>
    public double Probability(double psi) => 1 / (1 + ((Classes - 1) * Math.Exp(-Scale * psi)));

    /// <summary>|∂ℓ∕∂cos θ| ∕ s there.</summary>
    public double Pull(MarginPoint p) => (1 - Probability(p.Psi)) * p.Slope;
}
