namespace Hypersphere.Losses.Pairs;

/// <summary>What a reference is to an anchor.</summary>
public enum Relation : byte
{
    /// <summary>Itself, or a pair that is left out.</summary>
    None,

    /// <summary>Of the same class.</summary>
    Positive,

    /// <summary>Of another class.</summary>
    Negative,
}
