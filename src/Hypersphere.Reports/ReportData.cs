namespace Hypersphere.Reports;

/// <summary>Everything that <see cref="HtmlReport"/> shows: plain values, no tensors, nothing is measured here.</summary>
/// <remarks>The same data gives the same bytes: nothing is read from the clock, the culture or the machine.</remarks>
public sealed record ReportData
{
    /// <summary>What was done, such as "Fashion-MNIST quickstart".</summary>
    public required string Title { get; init; }

    /// <summary>The data in one line, such as "Fashion-MNIST: 60,000 train, 10,000 test, 10 classes".</summary>
    public string Data { get; init; } = "";

    /// <summary>The runs: the first is the one the headline speaks about.</summary>
    public required IReadOnlyList<ReportRun> Runs { get; init; }

    /// <summary>Key of the metric in the headline; empty chooses verification accuracy, then precision@1, then the first.</summary>
    public string Primary { get; init; } = "";

    /// <summary>Margin curves of the losses. A curve whose label is a run's name or spec takes the run's colour.</summary>
    public IReadOnlyList<MarginCurve> Margins { get; init; } = [];

    /// <summary>What each number means; metrics without an entry are shown under their key and said to lack a definition.</summary>
    public IReadOnlyList<MetricDefinition> Definitions { get; init; } = MetricDefinition.Standard;

    /// <summary>The command line that gives this report again.</summary>
    public string Command { get; init; } = "";

    /// <summary>Versions, seed, processor, threads, time: whatever another person needs to get the same numbers.</summary>
    public IReadOnlyList<Fact> Environment { get; init; } = [];
}

/// <summary>A named fact about how the report came about.</summary>
/// <param name="Name">Such as "seed".</param>
/// <param name="Value">As it is to be shown.</param>
public sealed record Fact(string Name, string Value);
