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

    /// <summary>Normalises the rows and, unless D = 2, projects them on their two principal components (<see cref="PrincipalPlane"/>).</summary>
    /// <param name="embeddings">[N,D] row-major, need not be normalised.</param>
    /// <param name="dimension">D, at least 2.</param>
    /// <param name="labels">N class indices.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="prototypes">[C,D] row-major, or empty.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public static EmbeddingPlot Project(
        ReadOnlySpan<float> embeddings, int dimension, ReadOnlySpan<int> labels, IReadOnlyList<string> classes, ReadOnlySpan<float> prototypes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 2);
        if (embeddings.Length != (long)labels.Length * dimension || prototypes.Length % dimension != 0)
        {
            throw new ArgumentException(
                $"embeddings hold {embeddings.Length} values and prototypes {prototypes.Length}; expected {labels.Length} x {dimension} and a multiple of {dimension}");
        }

        PrincipalPlane plane = dimension == 2 ? PrincipalPlane.Identity : PrincipalPlane.Fit(embeddings, dimension);
        var points = new EmbeddingPoint[labels.Length];
        for (int i = 0; i < points.Length; i++)
        {
            (double x, double y) = plane.Project(embeddings.Slice(i * dimension, dimension));
            points[i] = new EmbeddingPoint(x, y, labels[i]);
        }

        var rays = new EmbeddingPoint[prototypes.Length / dimension];
        for (int c = 0; c < rays.Length; c++)
        {
            (double x, double y) = plane.Project(prototypes.Slice(c * dimension, dimension));
            rays[c] = new EmbeddingPoint(x, y, c);
        }

        return new EmbeddingPlot { Dimension = dimension, Points = points, Classes = classes, Prototypes = rays, Variance = plane.Variance };
    }
}

/// <summary>A point of the picture.</summary>
/// <param name="X">First coordinate.</param>
/// <param name="Y">Second coordinate.</param>
/// <param name="Label">Class index.</param>
public readonly record struct EmbeddingPoint(double X, double Y, int Label);
