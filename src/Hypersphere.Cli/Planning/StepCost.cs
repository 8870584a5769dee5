using Hypersphere.Losses;

namespace Hypersphere.Cli.Planning;

/// <summary>What one step costs one of W ranks, each of which holds C/W classes and takes n of N = n·W images.</summary>
/// <remarks>The formulas are told one by one in docs/SCALING.md. Compute counts at the rate that the kernels reach, which hides what they read
/// and write; memory counts what only streams: gathered rows and the optimizer's step. The network's share waits for nothing to hide behind,
/// but for the all-reduce of the backbone's gradient, which runs beside its backward pass.</remarks>
/// <param name="work">What is trained.</param>
/// <param name="ranks">W.</param>
/// <param name="node">The machine of each rank.</param>
internal sealed class StepCost(Workload work, int ranks, Node node)
{
    private const double Float = 4;

    /// <summary>Collectives of a step whose parts pass every rank once: embeddings, labels, gradients of embeddings; and those that go there
    /// and back: row maxima, sums with target logits, the backbone's gradient.</summary>
    private const int OneWay = 3, BothWays = 3;

    private static readonly long _scratch = new LossContext(1, 1, new Rng(0)).ScratchBudget;

    /// <summary>N, images of a step.</summary>
    public double Images => (double)work.Batch * ranks;

    /// <summary>Rows of the prototypes that a rank holds.</summary>
    public double Rows => Math.Ceiling((double)work.Identities / ranks);

    /// <summary>S, rows that a rank compares with in a step: a share, or the classes of the batch if they are more.</summary>
    public double SampledRows => Math.Min(Rows, Math.Max(work.Rate * work.Identities, Math.Min(Images, work.Identities)) / ranks);

    /// <summary>Bytes of the N×S exponentials that are kept; a fourth product makes the others again.</summary>
    private double KeptBytes => Math.Min(Float * Images * SampledRows, _scratch);

    /// <summary>Operations of the head: three products, and a fourth where exponentials are not kept.</summary>
    public double HeadFlops => 2 * work.Dimension * ((4 * Images * SampledRows) - (KeptBytes / Float));

    /// <summary>Operations of the backbone: forward, and twice as many backward.</summary>
    public double BackboneFlops => 3 * work.Batch * work.Network.Flops;

    /// <summary>Bytes that stream through memory: the optimizer reads w, v and g and writes w and v; a sample is copied out first.</summary>
    public double MemoryBytes => Float * ((SampledRows * work.Dimension * (IsSampled ? 7 : 5)) + (5 * work.Network.Parameters));

    /// <summary>Bytes that a rank sends, and receives, for the head: embeddings to all, their gradients back, three numbers a row.</summary>
    public double HeadBytes => Float * (ranks - 1) * ((2.0 * work.Batch * work.Dimension) + work.Batch + (3 * 2 * Images / ranks));

    /// <summary>Bytes that a rank sends, and receives, for the backbone's gradient.</summary>
    public double BackboneBytes => Float * 2 * work.Network.Parameters * (ranks - 1) / ranks;

    /// <summary>Bytes that a rank holds: prototypes and momentum, sample and gradient, exponentials, embeddings of all, network.</summary>
    public double Memory =>
        Float * ((2 * Rows * work.Dimension) + (SampledRows * work.Dimension * (IsSampled ? 2 : 0)) + (2 * Images * work.Dimension)
            + (3 * work.Network.Parameters) + (work.Batch * work.Network.Activations))
        + KeptBytes;

    /// <summary>Seconds that compute.</summary>
    public double Compute => (HeadFlops + BackboneFlops) / node.Flops;

    /// <summary>Seconds that stream.</summary>
    public double Streaming => MemoryBytes / node.Bandwidth;

    /// <summary>Seconds that wait for the network.</summary>
    public double Waiting
    {
        get
        {
            double hops = Math.Ceiling(Math.Log2(ranks)), backward = 2.0 / 3 * BackboneFlops / node.Flops;
            double backbone = (BackboneBytes / node.Network) + (2 * hops * node.Latency);
            return (HeadBytes / node.Network) + (hops * (OneWay + (2 * (BothWays - 1))) * node.Latency) + Math.Max(0, backbone - backward);
        }
    }

    /// <summary>Seconds of a step.</summary>
    public double Seconds => Compute + Streaming + Waiting;

    /// <summary>Share of the arithmetic that is the head's.</summary>
    public double HeadShare => HeadFlops / (HeadFlops + BackboneFlops);

    /// <summary>Why a rank cannot do its part; null if it can.</summary>
    public string? Obstacle =>
        Rows * work.Dimension > Array.MaxLength ? "too many rows" : Memory > node.Memory ? "too much" : null;

    private bool IsSampled => SampledRows < Rows;
}
