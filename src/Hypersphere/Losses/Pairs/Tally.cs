using Hypersphere.Ops;

namespace Hypersphere.Losses.Pairs;

/// <summary>Adds up items under a reduction: Σ u·ℓ / Z.</summary>
public sealed class Tally
{
    private readonly Reduction _reduction;
    private double _sum;
    private double _weights;
    private long _items;

    /// <summary>Begins at nothing.</summary>
    public Tally(Reduction reduction) => _reduction = reduction;

    /// <summary>The reduced loss so far; 0 for nothing.</summary>
    public double Value => _sum * Factor;

    /// <summary>1 / Z, what the weight of an item is multiplied by; 0 for nothing.</summary>
    public double Factor => _reduction.Divisor(_items, _weights) is var divisor && divisor > 0 ? 1 / divisor : 0;

    /// <summary>Adds an item.</summary>
    /// <param name="loss">Its loss.</param>
    /// <param name="label">Class of its anchor.</param>
    /// <param name="times">How often it occurs.</param>
    /// <returns>Its weight u, of one occurrence.</returns>
    public double Add(double loss, int label, long times = 1)
    {
        double weight = times == 0 ? 0 : _reduction.Weight(loss, label);
        _sum += weight * loss * times;
        _weights += weight * times;
        _items += times;
        return weight;
    }

    /// <summary>What all rows count, each by itself and at once, joined in order.</summary>
    internal static Tally OfRows(int rows, Reduction reduction, Action<int, Tally> row)
    {
        Tally[] parts = new Tally[rows];
        ParallelRows.Run(rows, i => row(i, parts[i] = new(reduction))); // made where it is used: neighbours in memory would slow threads down
        Tally all = new(reduction);
        foreach (Tally part in parts)
        {
            all.Add(part);
        }

        return all;
    }

    /// <summary>The same one row after another, for rows that write into one another.</summary>
    internal static Tally InTurn(int rows, Reduction reduction, Action<int, Tally> row)
    {
        Tally all = new(reduction);
        for (int i = 0; i < rows; i++)
        {
            row(i, all);
        }

        return all;
    }

    /// <summary>Adds what another counted, as of a row done elsewhere.</summary>
    public void Add(Tally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        (_sum, _weights, _items) = (_sum + other._sum, _weights + other._weights, _items + other._items);
    }
}
