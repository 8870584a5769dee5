using Hypersphere.Reports.Sections;

namespace Hypersphere.Reports;

/// <summary>Losses trained with the same seeds and budget and measured on the same images.</summary>
public sealed record ComparisonData
{
    /// <summary>What was compared.</summary>
    public required string Title { get; init; }

    /// <summary>One line about the images.</summary>
    public string Data { get; init; } = "";

    /// <summary>In the order that was asked for.</summary>
    public required IReadOnlyList<ComparedLoss> Losses { get; init; }

    /// <summary>What the numbers mean.</summary>
    public IReadOnlyList<MetricDefinition> Definitions { get; init; } = MetricDefinition.Standard;

    /// <summary>The command line that gives the same again.</summary>
    public string Command { get; init; } = "";

    /// <summary>Versions, processor, seeds.</summary>
    public IReadOnlyList<Fact> Environment { get; init; } = [];

    /// <summary>The loss that is better than each other one by more than the spread of their difference over the seeds.</summary>
    /// <param name="key">The metric.</param>
    /// <returns>Null when there is none: one loss, one seed, a metric that does not judge, or differences within the spread.</returns>
    public ComparedLoss? Best(string key)
    {
        MetricDefinition? definition = Definitions.FirstOrDefault(d => d.Key == key);
        (ComparedLoss Loss, Metric Mean)[] means = [.. Losses.Select(l => (l, l.Mean(key)!)).Where(m => m.Item2 is not null)];
        if (definition is null or { Better: Better.Neither } || means.Length < 2 || means.Any(m => m.Mean.Spread is null))
        {
            return null;
        }

        (ComparedLoss loss, Metric mean) = definition.Better == Better.Higher ? means.MaxBy(m => m.Mean.Value) : means.MinBy(m => m.Mean.Value);
        return means.All(m => m.Loss == loss || !Comparison.IsTie(definition, mean, m.Mean)) ? loss : null;
    }
}

/// <summary>A loss with its runs.</summary>
/// <param name="Name">Short and unlike the others'.</param>
/// <param name="Spec">With its parameters.</param>
/// <param name="Runs">One a seed.</param>
public sealed record ComparedLoss(string Name, string Spec, IReadOnlyList<ComparedRun> Runs)
{
    /// <summary>Mean over the seeds, and as its spread the standard deviation between them (n − 1), which one seed does not have.</summary>
    /// <param name="key">The metric.</param>
    /// <returns>Null when a run lacks the metric.</returns>
    public Metric? Mean(string key)
    {
        double[] values = [.. Values(key)];
        if (values.Length < Runs.Count || values.Length == 0)
        {
            return null;
        }

        double mean = values.Average();
        double? deviation = values.Length > 1 ? Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1)) : null;
        return new Metric(key, mean, deviation);
    }

    internal IEnumerable<double> Values(string key) =>
        Runs.SelectMany(r => r.Metrics).Where(m => m.Key == key && double.IsFinite(m.Value)).Select(m => m.Value);
}

/// <summary>One training.</summary>
/// <param name="Seed">Root of its randomness.</param>
/// <param name="Folder">Where its files are.</param>
/// <param name="Metrics">What was measured.</param>
/// <param name="Training">Its course.</param>
public sealed record ComparedRun(ulong Seed, string Folder, IReadOnlyList<Metric> Metrics, IReadOnlyList<TrainingPoint> Training);
