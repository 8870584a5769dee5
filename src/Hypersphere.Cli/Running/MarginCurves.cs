using System.Globalization;
using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Running;

/// <summary>Curves of a margin by the very code that trains.</summary>
internal static class MarginCurves
{
    private const int Steps = 720;

    /// <summary>Where a sample stands when other classes are looked at: half way to where an untrained network puts it.</summary>
    private const double OwnDegrees = 45;

    /// <summary>The curve of a loss, or one for each of several norms where its margin depends on the norm.</summary>
    /// <param name="spec">Such as “arcface(margin=0.5)”.</param>
    /// <param name="alone">Whether there is room for many norms.</param>
    /// <exception cref="InputException">No such loss, or one without a margin curve.</exception>
    public static IReadOnlyList<MarginCurve> Of(string spec, bool alone)
    {
        if (Registry<Loss>.Create(spec, new LossContext(Classes: 2, Embedding: 2, new Rng(0))) is not MarginSoftmaxLoss loss)
        {
            throw new InputException($"{spec} has no margin curve; curves are drawn of losses with a margin, and softmax is always beside them.");
        }

        return Of(loss, spec, alone);
    }

    /// <summary>The same of a loss in the state that training left it in.</summary>
    public static IReadOnlyList<MarginCurve> Of(MarginSoftmaxLoss loss, string spec, bool alone = false)
    {
        string source = Registry<Loss>.Find(Spec.Parse(spec).Name).Attribute.Paper;
        return NormRange.Of(loss) is { } range
            ? [.. range.Steps(alone ? 5 : 3).Select(norm => Curve(loss, WithNorm(spec, norm), norm, source))]
            : [Curve(loss, spec, 1, source)];
    }

    /// <summary>ψ and slope at equal steps from 0° to 180°.</summary>
    /// <param name="loss">The margin.</param>
    /// <param name="steps">Number of intervals.</param>
    /// <param name="norm">Length of the embeddings, for margins that depend on it.</param>
    public static MarginPoint[] Points(MarginSoftmaxLoss loss, int steps, double norm = 1) =>
        Points(steps, angles => loss.Curve(angles, (float)norm));

    private static MarginCurve Curve(MarginSoftmaxLoss loss, string label, double norm, string source)
    {
        MarginPoint[] others = Points(Steps, angles => loss.NegativeCurve(angles, OwnDegrees * Math.PI / 180));
        bool changed = others.Any(p => Math.Abs(p.Psi - Math.Cos(p.Degrees * Math.PI / 180)) > 1e-5);
        return new MarginCurve(label, Points(loss, Steps, norm), source) { Negatives = changed ? others : [], OwnDegrees = OwnDegrees };
    }

    private static MarginPoint[] Points(int steps, Func<double[], (float[] Values, float[] Slopes)> curve)
    {
        double[] angles = [.. Enumerable.Range(0, steps + 1).Select(i => Math.PI * i / steps)];
        (float[] values, float[] slopes) = curve(angles);
        return [.. angles.Select((angle, i) => new MarginPoint(angle * 180 / Math.PI, values[i], slopes[i]))];
    }

    /// <summary>The norm as one more parameter, the first, which labels show first.</summary>
    private static string WithNorm(string spec, double norm)
    {
        Spec parsed = Spec.Parse(spec);
        IEnumerable<string> given = parsed.Arguments.Select(a => $"{a.Key}={a.Value}");
        return $"{parsed.Name}({string.Join(", ", given.Prepend(string.Create(CultureInfo.InvariantCulture, $"‖x‖={norm:G4}")))})";
    }
}
