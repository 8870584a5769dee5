namespace Hypersphere.Collectives;

/// <summary>Items cut into a contiguous share for each rank: rank r owns [⌊items·r/ranks⌋, ⌊items·(r+1)/ranks⌋).</summary>
/// <param name="Items">How many there are.</param>
/// <param name="Ranks">How many shares, at least 1.</param>
/// <param name="Width">Numbers in an item.</param>
public readonly record struct Shares(int Items, int Ranks, int Width = 1)
{
    /// <summary>Numbers of all items.</summary>
    public long Length => (long)Items * Width;

    /// <summary>Items of the rank that has most.</summary>
    public int Largest => (int)(((long)Items + Ranks - 1) / Ranks);

    /// <summary>First item of a rank; that of the rank after the last is the number of items.</summary>
    public int First(int rank) => (int)((long)Items * rank / Ranks);

    /// <summary>Items of a rank.</summary>
    public int Count(int rank) => First(rank + 1) - First(rank);

    /// <summary>The numbers of a rank's items.</summary>
    /// <param name="all">As long as <see cref="Length"/>.</param>
    /// <param name="rank">Whose.</param>
    public Span<T> Of<T>(Span<T> all, int rank) => all.Slice(checked(First(rank) * Width), checked(Count(rank) * Width));
}
