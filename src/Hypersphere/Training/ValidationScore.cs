namespace Hypersphere.Training;

/// <summary>What was measured between two epochs.</summary>
/// <param name="Value">Decides which checkpoint is the best: the larger the better.</param>
/// <param name="Measures">All that was measured, for the logs; names as in metrics.jsonl.</param>
public sealed record ValidationScore(double Value, IReadOnlyList<(string Name, double Value)> Measures)
{
    /// <summary>A number without a name.</summary>
    /// <param name="value">The larger the better.</param>
    public static implicit operator ValidationScore(double value) => FromDouble(value);

    /// <summary>A number without a name.</summary>
    /// <param name="value">The larger the better.</param>
    public static ValidationScore FromDouble(double value) => new(value, [("validation", value)]);
}
