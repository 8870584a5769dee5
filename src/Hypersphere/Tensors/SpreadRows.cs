using Hypersphere.Collectives;

namespace Hypersphere.Tensors;

/// <summary>Says of a matrix that it holds some rows of a larger one, whose rows are spread over ranks.</summary>
/// <param name="Ranks">The ranks.</param>
/// <param name="Rows">Rows of the larger one.</param>
internal sealed record SpreadRows(ICollective Ranks, int Rows)
{
    /// <summary>The first row here.</summary>
    public int First { get; init; } = new Shares(Rows, Ranks.Size).First(Ranks.Rank);

    /// <summary>Rows here.</summary>
    public int Count { get; init; } = new Shares(Rows, Ranks.Size).Count(Ranks.Rank);

    /// <summary>Which rank has which rows of a whole parameter; a sample of its rows is spread as they are.</summary>
    public Shares Shares => new(Rows, Ranks.Size);

    /// <summary>Where a row of the larger matrix is here; negative or at least <see cref="Count"/> when another rank has it.</summary>
    public int Local(int row) => row - First;

    /// <summary>Whether a row of the larger matrix is here.</summary>
    public bool Has(int row) => (uint)Local(row) < (uint)Count;
}
