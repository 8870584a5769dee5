using System.Globalization;
using Hypersphere.Losses;
using Hypersphere.Losses.Classification;
using Hypersphere.Registry;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Running;

/// <summary>Curves of a margin by the very code that trains.</summary>
internal static class MarginCurves
{
    private const int Steps = 720;

    /// <summary>Where a sample stands when other classes are looked at: half way to where an untrained network puts it.</summary>
    private const double OwnDegrees = 45;

    /// <summary>A smaller change of another class's cosine is a guard against rounding, not a margin.</summary>
    private const double Visible = 0.01;

    private const string Annealing = "annealing";

    /// <summary>The curve of a loss, or one for each of several norms where its margin depends on the norm.</summary>
    /// <param name="spec">Such as “arcface(margin=0.5)”.</param>
    /// <param name="alone">Whether there is room for many norms.</param>
    /// <exception cref="InputException">No such loss, or one without a margin curve.</exception>
    public static IReadOnlyList<MarginCurve> Of(string spec, bool alone)
    {
        string settled = Settled(Spec.Parse(spec));
        if (Create(settled) is not { } loss)
        {
            return [Matrix(spec)];
        }

        return loss switch
        {
            CurricularFace => Course(loss, settled),
            AdaFace ada => [.. Of(loss, settled, alone).Select(c => c with { Label = WithStatistics(c.Label, ada) })],
            _ => Of(loss, settled, alone),
        };
    }

    /// <summary>The curve of a loss with prototypes that does not run on the fused kernel.</summary>
    private static MarginCurve Matrix(string spec)
    {
        var loss = Registry<Loss>.Create(spec, new LossContext(Classes: 2, Embedding: 2, new Rng(0))) as ProxyLoss;
        return loss?.TargetCurve([0]) is null
            ? throw new InputException($"{spec} has no margin curve, since it compares pairs or distances, not the angle to a prototype; --plane draws it.")
            : new MarginCurve(spec, Points(Steps, angles => loss.TargetCurve(angles)!.Value), Registry<Loss>.Find(Spec.Parse(spec).Name).Attribute.Paper);
    }

    /// <summary>A margin loss in a state as it is in training, or null for another loss.</summary>
    /// <remarks>AdaFace begins with a deviation of 100, so that its margin hardly varies before the first thousand batches.</remarks>
    public static MarginSoftmaxLoss? Create(string spec)
    {
        var loss = Registry<Loss>.Create(spec, new LossContext(Classes: 2, Embedding: 2, new Rng(0))) as MarginSoftmaxLoss;
        if (loss is AdaFace)
        {
            loss.Buffers().Single(b => b.Name == "norm_deviation").Value.Span[0] = 5;
        }

        return loss;
    }

    /// <summary>The loss as it is once a margin that begins softly has its full size, unless a person asked for the beginning.</summary>
    public static string Settled(Spec spec)
    {
        bool anneals = Registry<Loss>.Find(spec.Name).Parameters.Any(p => p.Name == Annealing) && !spec.Arguments.ContainsKey(Annealing);
        return Write(spec.Name, spec.Arguments.Select(a => $"{a.Key}={a.Value}").Concat(anneals ? [$"{Annealing}=false"] : []));
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
        bool changed = others.Any(p => Math.Abs(p.Psi - Math.Cos(p.Degrees * Math.PI / 180)) > Visible);
        return new MarginCurve(label, Points(loss, Steps, norm), source) { Negatives = changed ? others : [], OwnDegrees = OwnDegrees };
    }

    private static MarginPoint[] Points(int steps, Func<double[], (float[] Values, float[] Slopes)> curve)
    {
        double[] angles = [.. Enumerable.Range(0, steps + 1).Select(i => Math.PI * i / steps)];
        (float[] values, float[] slopes) = curve(angles);
        return [.. angles.Select((angle, i) => new MarginPoint(angle * 180 / Math.PI, values[i], slopes[i]))];
    }

    /// <summary>The norm as one more parameter, the first, which labels show first.</summary>
    private static string WithNorm(string spec, double norm) => First(Spec.Parse(spec), "‖x‖", norm);

    /// <summary>CurricularFace early and late: its t follows the mean target cosine, and with it grow hard negatives.</summary>
    private static List<MarginCurve> Course(MarginSoftmaxLoss loss, string spec)
    {
        Span<float> t = loss.Buffers().Single(b => b.Name == "t").Value.Span;
        var curves = new List<MarginCurve>();
        foreach (float value in (ReadOnlySpan<float>)[0, 0.6f])
        {
            t[0] = value;
            curves.AddRange(Of(loss, spec).Select(c => c with { Label = First(Spec.Parse(spec), "t", value) }));
        }

        return curves;
    }

    private static string WithStatistics(string label, AdaFace loss)
    {
        Spec parsed = Spec.Parse(label);
        string[] options = [.. parsed.Arguments.Select(a => $"{a.Key}={a.Value}")];
        string[] statistics = [string.Create(CultureInfo.InvariantCulture, $"μ={loss.NormMean:G4}"),
            string.Create(CultureInfo.InvariantCulture, $"σ={loss.NormDeviation:G4}")];
        return Write(parsed.Name, [options[0], .. statistics, .. options[1..]]);
    }

    private static string First(Spec spec, string name, double value) => Write(
        spec.Name, spec.Arguments.Select(a => $"{a.Key}={a.Value}").Prepend(string.Create(CultureInfo.InvariantCulture, $"{name}={value:G4}")));

    private static string Write(string name, IEnumerable<string> options) =>
        string.Join(", ", options) is { Length: > 0 } list ? $"{name}({list})" : name;
}
