using Hypersphere.Evaluation;

namespace Hypersphere.Reports;

/// <summary>Embeddings in two dimensions: the embedding itself when it has two, else a projection.</summary>
public sealed record EmbeddingPlot
{
    /// <summary>Dimension of the embedding; 2 draws the circle.</summary>
    public required int Dimension { get; init; }

    /// <summary>Samples; more than the report can show are thinned evenly.</summary>
    public required IReadOnlyList<EmbeddingPoint> Points { get; init; }

    /// <summary>Name of class i; indices beyond the list are shown as numbers.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Direction of each class's prototype in the same plane; empty when the loss has none.</summary>
    public IReadOnlyList<EmbeddingPoint> Prototypes { get; init; } = [];

    /// <summary>Share of the variance on each of the two axes, 0 … 1; NaN when not a projection.</summary>
    public (double First, double Second) Variance { get; init; } = (double.NaN, double.NaN);

    /// <summary>Normalises the rows and, unless D = 2, projects them on two principal components (<see cref="Projection"/>).</summary>
    /// <param name="embeddings">[N,D] row-major, need not be normalised.</param>
    /// <param name="dimension">D, at least 2.</param>
    /// <param name="labels">N class indices.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="prototypes">[C,D] row-major, or empty.</param>
    /// <exception cref="InputException">The lengths do not fit together, or an embedding is not finite.</exception>
    public static EmbeddingPlot Project(
        ReadOnlySpan<float> embeddings, int dimension, ReadOnlySpan<int> labels, IReadOnlyList<string> classes,
        ReadOnlySpan<float> prototypes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 2);
        EmbeddingSet set = new EmbeddingSet(embeddings.ToArray(), dimension, labels.ToArray()).Normalized();
        EmbeddingSet heads = new EmbeddingSet(prototypes.ToArray(), dimension,
            [.. Enumerable.Range(0, prototypes.Length / dimension)]).Normalized();
        if (dimension == 2 || set.Count == 0)
        {
            return Plot(set, heads, classes, (values, c) => values[c]);
        }

        Projection plane = Projection.Of(set);
        double[] origin = [plane.Points[0] - Along(plane, set.Row(0), 0), plane.Points[1] - Along(plane, set.Row(0), 1)];
        return Plot(set, heads, classes, (row, c) => origin[c] + Along(plane, row, c)) with
        {
            Variance = (plane.ExplainedVariance[0], plane.ExplainedVariance[1]),
        };
    }

    private static EmbeddingPlot Plot(EmbeddingSet set, EmbeddingSet heads, IReadOnlyList<string> classes,
        Func<ReadOnlySpan<float>, int, double> along) => new()
    {
        Dimension = set.Size,
        Points = [.. set.Labels.Select((label, i) => new EmbeddingPoint(along(set.Row(i), 0), along(set.Row(i), 1), label))],
        Classes = classes,
        Prototypes = [.. heads.Labels.Select(c => new EmbeddingPoint(along(heads.Row(c), 0), along(heads.Row(c), 1), c))],
    };

    private static double Along(Projection plane, ReadOnlySpan<float> row, int component)
    {
        double sum = 0;
        for (int d = 0; d < row.Length; d++)
        {
            sum += row[d] * plane.Directions[(component * row.Length) + d];
        }

        return sum;
    }
}

/// <summary>A point of the picture.</summary>
/// <param name="X">First coordinate.</param>
/// <param name="Y">Second coordinate.</param>
/// <param name="Label">Class index.</param>
public readonly record struct EmbeddingPoint(double X, double Y, int Label);
