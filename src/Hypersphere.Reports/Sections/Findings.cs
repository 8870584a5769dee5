namespace Hypersphere.Reports.Sections;

/// <summary>The headline: how good it is and against what, and what differs most; in words, from the numbers alone.</summary>
internal static class Findings
{
    private static readonly string[] Preferred = ["verification_accuracy", "precision_at_1", "closed_set_accuracy"];

    /// <summary>The run that the first one is compared with.</summary>
    public static ReportRun? Rival(ReportData data) =>
        data.Runs.Skip(1).FirstOrDefault(r => r.Baseline) ?? data.Runs.Skip(1).FirstOrDefault();

    public static MetricDefinition? Primary(ReportData data)
    {
        if (data.Runs.Count == 0)
        {
            return null;
        }

        IReadOnlyList<Metric> metrics = data.Runs[0].Metrics;
        string? key = Preferred.Prepend(data.Primary).FirstOrDefault(k => metrics.Any(m => m.Key == k && double.IsFinite(m.Value)))
            ?? metrics.FirstOrDefault(m => double.IsFinite(m.Value))?.Key;
        return key is null ? null : Definition(data, key);
    }

    public static MetricDefinition Definition(ReportData data, string key) =>
        data.Definitions.FirstOrDefault(d => d.Key == key)
        ?? new MetricDefinition(key, key, MetricUnit.Number, Better.Neither, "", "No definition was given with this number.");

    public static string Headline(ReportData data)
    {
        if (Primary(data) is not { } primary)
        {
            return data.Runs.Count == 0 ? "No run to report" : "Nothing was measured";
        }

        ReportRun first = data.Runs[0];
        Metric own = Of(first, primary.Key)!;
        string start = $"{first.Name} reaches {Comparison.Show(primary, own)} {primary.Name}";
        if (Rival(data) is { } rival && Of(rival, primary.Key) is { } other && double.IsFinite(other.Value))
        {
            return $"{start}, {Against(primary, own, other)} {rival.Name} ({Comparison.Show(primary, other)})";
        }

        return primary.Chance is { } chance ? $"{start}; guessing gives {Comparison.Show(primary, new Metric("", chance))}" : start;
    }

    public static string Second(ReportData data)
    {
        if (Primary(data) is not { } primary || Rival(data) is not { } rival)
        {
            return "";
        }

        ReportRun first = data.Runs[0];
        string tie = Of(rival, primary.Key) is { } other ? Tie(primary, Of(first, primary.Key)!, other) : "";
        var rest = first.Metrics.Where(m => m.Key != primary.Key && !Aside(m.Key))
            .Select(m => (Own: m, Other: Of(rival, m.Key), Definition: Definition(data, m.Key)))
            .Where(t => t.Other is not null)
            .OrderByDescending(t => Comparison.Weight(t.Definition, t.Own, t.Other!)).ToList();
        if (rest.Count == 0 || Comparison.Weight(rest[0].Definition, rest[0].Own, rest[0].Other!) == 0)
        {
            return tie;
        }

        (Metric value, Metric? against, MetricDefinition what) = rest[0];
        string values = $"{Comparison.Show(what, value)} against {Comparison.Show(what, against!)} with {rival.Name}";
        return $"{tie} Most different: {what.Name}, {values}.".Trim();
    }

    public static Metric? Of(ReportRun run, string key) => run.Metrics.FirstOrDefault(m => m.Key == key);

    /// <summary>Speed is not quality, and a few impostor pairs decide TAR at a low FAR.</summary>
    private static bool Aside(string key) =>
        key is "samples_per_second" or "train_seconds" || key.StartsWith("tar_at_far", StringComparison.Ordinal);

    private static string Against(MetricDefinition primary, Metric own, Metric other)
    {
        if (Comparison.IsTie(primary, own, other))
        {
            return "no different from";
        }

        string gap = Comparison.ShowDifference(primary, Math.Abs(own.Value - other.Value)).TrimStart('+');
        return gap + (own.Value > other.Value ? " above" : " below");
    }

    private static string Tie(MetricDefinition primary, Metric own, Metric other)
    {
        if (Comparison.Spread(own, other) is not { } spread || !double.IsFinite(own.Value - other.Value))
        {
            return "Neither states its spread, so how much of the difference is chance is not known.";
        }

        string gap = Comparison.ShowDifference(primary, Math.Abs(own.Value - other.Value)).TrimStart('+');
        string size = Comparison.ShowDifference(primary, spread).TrimStart('+');
        return Comparison.IsTie(primary, own, other)
            ? $"The difference of {gap} lies within the spread of {size}."
            : $"The difference of {gap} exceeds the spread of {size}.";
    }
}
