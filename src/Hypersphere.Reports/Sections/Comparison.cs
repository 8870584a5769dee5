namespace Hypersphere.Reports.Sections;

/// <summary>What the numbers allow one to say: values in words, which is best, and whether a difference exceeds the spread.</summary>
internal static class Comparison
{
    /// <summary>Seconds from which a time reads better in minutes.</summary>
    private const double Minutes = 120;

    /// <summary>The value with its unit, and ± its spread.</summary>
    public static string Show(MetricDefinition definition, Metric metric)
    {
        if (!double.IsFinite(metric.Value))
        {
            return "not available";
        }

        bool spread = metric.Spread is { } s && double.IsFinite(s);
        return definition.Unit switch
        {
            MetricUnit.Fraction => (spread
                ? $"{Text.Fixed(metric.Value * 100, 1)}{Text.Space}±{Text.Space}{Text.Fixed(metric.Spread!.Value * 100, 1)}"
                : Text.Fixed(metric.Value * 100, 1)) + Text.Space + "%",
            MetricUnit.Degrees => (spread ? $"{Text.Fixed(metric.Value, 1)}{Text.Space}±{Text.Space}{Text.Fixed(metric.Spread!.Value, 1)}"
                : Text.Fixed(metric.Value, 1)) + "°",
            MetricUnit.Count => Text.Fixed(metric.Value, 0),
            MetricUnit.Seconds => metric.Value < Minutes ? Text.Fixed(metric.Value, 1) + Text.Space + "s"
                : Text.Fixed(metric.Value / 60, 1) + Text.Space + "min",
            _ => Text.Short(metric.Value),
        };
    }

    /// <summary>A difference of two values, with sign and unit.</summary>
    public static string ShowDifference(MetricDefinition definition, double difference)
    {
        string sign = difference > 0 ? "+" : "";
        return definition.Unit switch
        {
            MetricUnit.Fraction => sign + Text.Fixed(difference * 100, 1) + Text.Space + "points",
            MetricUnit.Degrees => sign + Text.Fixed(difference, 1) + "°",
            MetricUnit.Count => sign + Text.Fixed(difference, 0),
            MetricUnit.Seconds => sign + (Math.Abs(difference) < Minutes ? Text.Fixed(difference, 1) + Text.Space + "s"
                : Text.Fixed(difference / 60, 1) + Text.Space + "min"),
            _ => sign + Text.Short(difference),
        };
    }

    /// <summary>Spread of the difference of two measurements: √(s₁² + s₂²); null when neither states one.</summary>
    public static double? Spread(Metric a, Metric b)
    {
        double? sa = Finite(a.Spread);
        double? sb = Finite(b.Spread);
        return sa is null && sb is null ? null : Math.Sqrt(((sa ?? 0) * (sa ?? 0)) + ((sb ?? 0) * (sb ?? 0)));
    }

    /// <summary>True when the difference is smaller than its spread or than what is shown.</summary>
    public static bool IsTie(MetricDefinition definition, Metric a, Metric b) =>
        Math.Abs(a.Value - b.Value) <= Math.Max(Spread(a, b) ?? 0, definition.Unit == MetricUnit.Fraction ? 0.0005 : 0);

    /// <summary>True when this value is the best of all or within the spread of the best.</summary>
    public static bool IsBest(MetricDefinition definition, Metric metric, IEnumerable<Metric> all)
    {
        Metric[] rivals = [.. all.Where(m => double.IsFinite(m.Value))];
        if (definition.Better == Better.Neither || rivals.Length < 2 || !double.IsFinite(metric.Value))
        {
            return false;
        }

        Metric best = definition.Better == Better.Higher ? rivals.MaxBy(m => m.Value)! : rivals.MinBy(m => m.Value)!;
        return IsTie(definition, metric, best);
    }

    /// <summary>How large a difference is beside what is left to gain: the ratio of the errors, of the angles, of the values.</summary>
    public static double Weight(MetricDefinition definition, Metric a, Metric b)
    {
        if (definition.Better == Better.Neither || !double.IsFinite(a.Value) || !double.IsFinite(b.Value) || IsTie(definition, a, b))
        {
            return 0;
        }

        (double x, double y) = definition is { Unit: MetricUnit.Fraction, Better: Better.Higher } && a.Value + b.Value > 1
            ? (1 - a.Value, 1 - b.Value)
            : (a.Value, b.Value);
        return x > 0 && y > 0 ? Math.Abs(Math.Log(x / y)) : 0;
    }

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
