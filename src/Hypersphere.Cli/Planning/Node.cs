namespace Hypersphere.Cli.Planning;

/// <summary>One machine of a cluster, as the cost model sees it. The figures are those of two cores of a server processor; docs/SCALING.md says
/// which were measured, and how.</summary>
internal sealed record Node
{
    /// <summary>Operations a second that a head reaches: «bench head --batch 512 --classes 200000».</summary>
    public double Flops { get; init; } = 347e9;

    /// <summary>Bytes a second that an optimizer step moves: «bench memory».</summary>
    public double Bandwidth { get; init; } = 86e9;

    /// <summary>Bytes a second of its link, in each direction.</summary>
    public double Network { get; init; } = 10e9 / 8;

    /// <summary>Seconds that a message takes on its way, however short.</summary>
    public double Latency { get; init; } = 20e-6;

    /// <summary>Bytes of its memory.</summary>
    public double Memory { get; init; } = 24.0 * (1 << 30);
}
