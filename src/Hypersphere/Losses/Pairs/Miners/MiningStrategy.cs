namespace Hypersphere.Losses.Pairs;

/// <summary>Which of an anchor's positives or negatives a miner takes.</summary>
public enum MiningStrategy
{
    /// <summary>The farthest positive, the nearest negative.</summary>
    Hard,

    /// <summary>The hardest that is not harder than what was chosen of the other kind: a negative farther than the positive, a positive
    /// nearer than the negative.</summary>
    Semihard,

    /// <summary>The nearest positive, the farthest negative.</summary>
    Easy,

    /// <summary>All of them.</summary>
    All,
}
