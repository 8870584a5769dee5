namespace Hypersphere.Imaging;

/// <summary>A turn, a change of size and a shift of the plane: (x, y) ↦ (a·x − b·y + c, b·x + a·y + d).</summary>
/// <param name="A">s·cos φ.</param>
/// <param name="B">s·sin φ.</param>
/// <param name="C">Shift in x.</param>
/// <param name="D">Shift in y.</param>
public readonly record struct SimilarityTransform(double A, double B, double C, double D)
{
    /// <summary>Maps a point.</summary>
    public (double X, double Y) Map(double x, double y) => ((A * x) - (B * y) + C, (B * x) + (A * y) + D);

    /// <summary>The way back.</summary>
    /// <exception cref="InvalidOperationException">The transform maps everything to one point.</exception>
    public SimilarityTransform Inverse()
    {
        double size = (A * A) + (B * B);
        if (!(size > 0))
        {
            throw new InvalidOperationException("SimilarityTransform: maps everything to one point, so there is no way back.");
        }

        (double a, double b) = (A / size, -B / size);
        return new(a, b, -((a * C) - (b * D)), -((b * C) + (a * D)));
    }

    /// <summary>The transform that brings points nearest to others, in the sense of least squares (Umeyama, PAMI 1991, in two dimensions,
    /// where a turn is a complex number and the best one has a closed form; it never mirrors).</summary>
    /// <remarks>With both sets about their means, a + ib = Σ conj(pᵢ)·qᵢ / Σ |pᵢ|².</remarks>
    /// <param name="from">pᵢ, at least two different points.</param>
    /// <param name="to">qᵢ, as many.</param>
    /// <exception cref="InputException">There are fewer than two different points, or a coordinate is not finite.</exception>
    public static SimilarityTransform Fit(ReadOnlySpan<(double X, double Y)> from, ReadOnlySpan<(double X, double Y)> to)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(to.Length, from.Length, nameof(to));
        (double fromX, double fromY) = Mean(from);
        (double toX, double toY) = Mean(to);
        double a = 0, b = 0, size = 0;
        for (int i = 0; i < from.Length; i++)
        {
            (double px, double py, double qx, double qy) = (from[i].X - fromX, from[i].Y - fromY, to[i].X - toX, to[i].Y - toY);
            a += (px * qx) + (py * qy);
            b += (px * qy) - (py * qx);
            size += (px * px) + (py * py);
        }

        if (!(size > 0) || !double.IsFinite(a + b + size))
        {
            throw new InputException("the landmarks are all one point, or not finite; an alignment needs at least two different ones.");
        }

        (a, b) = (a / size, b / size);
        return new(a, b, toX - (a * fromX) + (b * fromY), toY - (b * fromX) - (a * fromY));
    }

    private static (double X, double Y) Mean(ReadOnlySpan<(double X, double Y)> points)
    {
        double x = 0, y = 0;
        foreach ((double px, double py) in points)
        {
            (x, y) = (x + px, y + py);
        }

        return (x / points.Length, y / points.Length);
    }
}
