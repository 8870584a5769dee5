namespace Hypersphere.Reports;

/// <summary>The parts of a report that a run may be unable to fill.</summary>
public enum ReportPart
{
    /// <summary>Loss, own angle and learning rate over training.</summary>
    Training,

    /// <summary>Histograms of genuine and impostor angles.</summary>
    Angles,

    /// <summary>ROC and DET.</summary>
    Rates,

    /// <summary>The two-dimensional picture of the embedding.</summary>
    Embedding,

    /// <summary>The hardest pairs as images.</summary>
    Pairs,
}

/// <summary>One trained (or untrained) network and what was measured on it.</summary>
public sealed record ReportRun
{
    /// <summary>Short name for labels, such as "arcface".</summary>
    public required string Name { get; init; }

    /// <summary>The full specification, such as "arcface(margin=0.3, scale=16)".</summary>
    public string Spec { get; init; } = "";

    /// <summary>True for the run that the first is compared with, drawn in neutral ink; with none, the second run is taken.</summary>
    public bool Baseline { get; init; }

    /// <summary>The numbers, in the order of the table.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>The training curve, by rising step.</summary>
    public IReadOnlyList<TrainingPoint> Training { get; init; } = [];

    /// <summary>Angles of the verification pairs.</summary>
    public PairAngles? Angles { get; init; }

    /// <summary>The same fold by fold, where a protocol has folds.</summary>
    public IReadOnlyList<FoldAngles> Folds { get; init; } = [];

    /// <summary>Error rates by threshold: ROC and DET are drawn from the same points.</summary>
    public IReadOnlyList<RatePoint> Rates { get; init; } = [];

    /// <summary>The embedding in two dimensions.</summary>
    public EmbeddingPlot? Embedding { get; init; }

    /// <summary>Pairs of one class that are furthest apart, worst first.</summary>
    public IReadOnlyList<HardPair> HardestGenuine { get; init; } = [];

    /// <summary>Pairs of different classes that are closest, worst first.</summary>
    public IReadOnlyList<HardPair> HardestImpostor { get; init; } = [];

    /// <summary>Why a part is missing, in words that continue "not available: …".</summary>
    public IReadOnlyDictionary<ReportPart, string> Missing { get; init; } = new Dictionary<ReportPart, string>();
}

/// <summary>One measured number.</summary>
/// <param name="Key">Key of a <see cref="MetricDefinition"/>, the same as in metrics.json.</param>
/// <param name="Value">In the definition's unit: fractions are 0 … 1, angles are degrees. NaN shows as not available.</param>
/// <param name="Spread">One standard deviation (over folds or seeds), in the same unit; null when unknown.</param>
public sealed record Metric(string Key, double Value, double? Spread = null);

/// <summary>The state of training at one step.</summary>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Epoch">Epochs done, with fraction.</param>
/// <param name="Loss">Mean over the batch, in nats.</param>
/// <param name="LearningRate">In use at this step.</param>
/// <param name="OwnAngle">Mean angle of the batch to its own prototypes, degrees; NaN where the loss has no prototypes.</param>
public readonly record struct TrainingPoint(long Step, double Epoch, double Loss, double LearningRate, double OwnAngle);

/// <summary>Error rates at one threshold.</summary>
/// <param name="Far">False accept rate: share of impostor pairs accepted, 0 … 1.</param>
/// <param name="Frr">False reject rate: share of genuine pairs rejected, 0 … 1; TAR = 1 − FRR.</param>
public readonly record struct RatePoint(double Far, double Frr);

/// <summary>A pair the network finds hard.</summary>
/// <param name="First">One image as PNG bytes.</param>
/// <param name="Second">The other image as PNG bytes.</param>
/// <param name="FirstLabel">Class of the first.</param>
/// <param name="SecondLabel">Class of the second.</param>
/// <param name="AngleDegrees">Angle between their embeddings.</param>
/// <param name="FirstName">File name or index of the first.</param>
/// <param name="SecondName">File name or index of the second.</param>
public sealed record HardPair(
    ReadOnlyMemory<byte> First,
    ReadOnlyMemory<byte> Second,
    string FirstLabel,
    string SecondLabel,
    double AngleDegrees,
    string FirstName = "",
    string SecondName = "");
