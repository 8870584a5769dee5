namespace Hypersphere.Data;

/// <summary>How a <see cref="DataLoader"/> makes batches.</summary>
public sealed record DataLoaderOptions
{
    /// <summary>Images a batch.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Which images an epoch shows, in which order; null for the source's order.</summary>
    public Sampler? Sampler { get; init; } = new Shuffled();

    /// <summary>Leaves out the last batch of an epoch when it is not full.</summary>
    public bool DropLast { get; init; } = true;

    /// <summary>How bytes become the network's numbers; null for <see cref="Data.Preprocessing.Usual"/>.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Random changes of the images, in order.</summary>
    public IReadOnlyList<Augmentation> Augmentations { get; init; } = [];

    /// <summary>Of how many ranks this is one: each reads its share of every batch, in the order of the ranks.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>Which of the ranks this is, from 0.</summary>
    public int Rank { get; init; }

    /// <summary>Batches prepared ahead, at least 1.</summary>
    public int Prefetch { get; init; } = 2;

    /// <summary>For evaluation: the source's order, no batch left out, no random change.</summary>
    public static DataLoaderOptions InOrder(int batchSize) => new() { BatchSize = batchSize, Sampler = null, DropLast = false };
}
