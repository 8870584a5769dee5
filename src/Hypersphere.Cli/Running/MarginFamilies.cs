using System.Globalization;
using Hypersphere.Losses;
using Hypersphere.Losses.Classification;
using Hypersphere.Registry;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Running;

/// <summary>Tables for the interactive page: every margin loss of the registry over its margins.</summary>
/// <remarks>A number belongs to the margin when its name says so, or its name is m₁, m₂, … and its description does. Losses whose margin
/// depends on the embedding's norm get that norm as one more number.</remarks>
internal static class MarginFamilies
{
    private const int Angles = 121, MostSteps = 50;

    private static readonly string[] _shown = ["arcface", "cosface", "sphereface"];

    /// <summary>The families of the losses that a person named, drawn from the start, then those of all others.</summary>
    /// <param name="specs">Losses as typed; empty for a choice that shows the classic ones.</param>
    /// <exception cref="InputException">One has no margin.</exception>
    public static IReadOnlyList<MarginFamily> All(IReadOnlyList<string> specs)
    {
        var families = new List<MarginFamily>();
        foreach (string text in specs)
        {
            Spec spec = Spec.Parse(text);
            ComponentInfo info = Registry<Loss>.Find(spec.Name);
            MarginFamily[] own = [.. Of(info, spec.Arguments)];
            if (own.Length == 0)
            {
                throw new InputException($"{text} has no margin that a slider could move; leave it out.");
            }

            families.AddRange(own.Select((f, i) => f with { Shown = i == 0 }));
        }

        Dictionary<string, string> nothing = [];
        string[] given = [.. specs.Select(s => Registry<Loss>.Find(Spec.Parse(s).Name).Attribute.Name)];
        IEnumerable<ComponentInfo> others = Registry<Loss>.All.Where(c => !given.Contains(c.Attribute.Name))
            .OrderBy(c => Array.IndexOf(_shown, c.Attribute.Name) is var i && i >= 0 ? i : int.MaxValue);
        families.AddRange(others.SelectMany(c => Of(c, nothing).Select((f, i) =>
            f with { Shown = specs.Count == 0 && i == 0 && _shown.Contains(c.Attribute.Name) })));
        return families;
    }

    /// <summary>Softmax, SphereFace, CosFace and ArcFace, which stand side by side.</summary>
    public static IReadOnlyList<BoundaryCircle> Circles(IReadOnlyList<MarginFamily> families) =>
    [
        new("softmax", null),
        new("SphereFace", families.FirstOrDefault(f => f.Name == "sphereface")),
        new("CosFace", families.FirstOrDefault(f => f.Name == "cosface")),
        new("ArcFace", families.FirstOrDefault(f => f.Name == "arcface")),
    ];

    /// <summary>Values from low to high in steps that people count in, with <paramref name="normal"/> among them.</summary>
    internal static IReadOnlyList<double> Grid(double low, double high, double normal)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / MostSteps)));
        double step = new[] { 1, 2.5, 5, 10, 25 }.Select(k => k * power).First(s => (high - low) / s <= MostSteps);
        double first = Math.Ceiling((low / step) - 1e-9);
        IEnumerable<double> round = Enumerable.Range(0, MostSteps + 2).Select(i => Math.Round((first + i) * step, 9)).Where(v => v <= high + 1e-9);
        return [.. round.Where(v => Math.Abs(v - normal) > 1e-6).Append(normal).Order()];
    }

    private static IEnumerable<MarginFamily> Of(ComponentInfo info, IReadOnlyDictionary<string, string> given)
    {
        if (!info.Type.IsAssignableTo(typeof(MarginSoftmaxLoss)))
        {
            yield break;
        }

        bool byNorm = NormRange.Of(Create(info, given)) is not null;
        foreach (ComponentParameter p in info.Parameters.Where(IsMargin))
        {
            double normal = Convert.ToDouble((object?)given.GetValueOrDefault(p.Name) ?? p.Default, CultureInfo.InvariantCulture);
            IReadOnlyList<double> values = Grid(p.Minimum ?? 0, p.Maximum ?? Math.Max(1, 2 * normal), normal);
            values = p.Type == typeof(int) ? [.. values.Where(double.IsInteger)] : values;
            string unit = p.Description.Contains("radian", StringComparison.Ordinal) ? "rad" : "";
            if (Family(info, p.Name, unit, values, normal, v => Points(Create(info, With(given, p.Name, v)))) is { } family)
            {
                yield return family;
            }
        }

        if (byNorm && NormRange.Of(Create(info, given)) is { } range)
        {
            MarginSoftmaxLoss loss = Create(info, given)!;
            string name = loss is AdaFace ada ? FormattableString.Invariant($"‖x‖ (μ {ada.NormMean:G3}, σ {ada.NormDeviation:G3})") : "‖x‖";
            yield return Family(info, name, "", Grid(range.Low, range.High, range.Middle), range.Middle, v => Points(loss, (float)v))!;
        }
    }

    private static MarginFamily? Family(
        ComponentInfo info, string parameter, string unit, IReadOnlyList<double> values, double normal, Func<double, MarginPoint[]?> points)
    {
        MarginStep[] steps = [.. values.Select(v => (Value: v, Points: points(v))).Where(s => s.Points is not null)
            .Select(s => new MarginStep(s.Value, s.Points!))];
        int start = Array.FindIndex(steps, s => Math.Abs(s.Value - normal) < 1e-6);
        return start < 0 ? null : new MarginFamily(info.Attribute.Name, parameter, unit, steps, start, info.Attribute.Paper);
    }

    private static bool IsMargin(ComponentParameter p) => (p.Type == typeof(float) || p.Type == typeof(int))
        && (p.Name.Contains("margin", StringComparison.Ordinal)
            || (p.Name is ['m', >= '0' and <= '9'] && p.Description.Contains("margin", StringComparison.Ordinal)));

    /// <summary>The loss, or null where the values exclude each other.</summary>
    private static MarginSoftmaxLoss? Create(ComponentInfo info, IReadOnlyDictionary<string, string> arguments)
    {
        string spec = MarginCurves.Settled(new Spec(info.Attribute.Name, arguments));
        try
        {
            return MarginCurves.Create(spec);
        }
        catch (InputException) when (arguments.Count > 0)
        {
            return null;
        }
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> given, string name, double value) =>
        new(given) { [name] = value.ToString("R", CultureInfo.InvariantCulture) };

    private static MarginPoint[]? Points(MarginSoftmaxLoss? loss) => loss is null ? null : Points(loss, NormRange.Of(loss)?.Middle ?? 1);

    private static MarginPoint[] Points(MarginSoftmaxLoss loss, double norm) => MarginCurves.Points(loss, Angles - 1, norm);
}
