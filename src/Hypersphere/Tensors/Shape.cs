namespace Hypersphere.Tensors;

/// <summary>The extents of a tensor: 0 to 4 of them, each at least 0. A scalar has rank 0.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    private readonly int _d0;
    private readonly int _d1;
    private readonly int _d2;
    private readonly int _d3;

    /// <summary>A vector's shape.</summary>
    public Shape(int d0) => (Rank, _d0) = (1, Checked(d0));

    /// <summary>A matrix' shape, rows first.</summary>
    public Shape(int d0, int d1) => (Rank, _d0, _d1) = (2, Checked(d0), Checked(d1));

    /// <summary>A shape of rank 3.</summary>
    public Shape(int d0, int d1, int d2) => (Rank, _d0, _d1, _d2) = (3, Checked(d0), Checked(d1), Checked(d2));

    /// <summary>A shape of rank 4; images are [N, H, W, C].</summary>
    public Shape(int d0, int d1, int d2, int d3) =>
        (Rank, _d0, _d1, _d2, _d3) = (4, Checked(d0), Checked(d1), Checked(d2), Checked(d3));

    /// <summary>The shape of a single number.</summary>
    public static Shape Scalar => default;

    /// <summary>How many extents there are, 0 to 4.</summary>
    public int Rank { get; }

    /// <summary>How many numbers a tensor of this shape holds.</summary>
    /// <exception cref="OverflowException">More than an array can hold.</exception>
    public int Count
    {
        get
        {
            int count = 1;
            for (int i = 0; i < Rank; i++)
            {
                count = checked(count * this[i]);
            }

            return count;
        }
    }

    /// <summary>Numbers in one row: the product of all extents but the first.</summary>
    public int RowCount => Rank == 0 ? 1 : _d0 == 0 ? new Shape(1, Math.Max(_d1, 1), Math.Max(_d2, 1), Math.Max(_d3, 1)).Count : Count / _d0;

    /// <summary>Extent <paramref name="axis"/>; −1 is the last.</summary>
    public int this[int axis]
    {
        get
        {
            int i = axis < 0 ? Rank + axis : axis;
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i, (uint)Rank, nameof(axis));
            return i switch { 0 => _d0, 1 => _d1, 2 => _d2, _ => _d3 };
        }
    }

    /// <summary>Whether two shapes agree in rank and every extent.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>A shape from any list of up to four extents.</summary>
    public static Shape Of(ReadOnlySpan<int> extents) => extents.Length switch
    {
        0 => Scalar,
        1 => new(extents[0]),
        2 => new(extents[0], extents[1]),
        3 => new(extents[0], extents[1], extents[2]),
        4 => new(extents[0], extents[1], extents[2], extents[3]),
        _ => throw new ShapeException($"a tensor has at most 4 dimensions, not {extents.Length}."),
    };

    /// <inheritdoc/>
    public bool Equals(Shape other) =>
        (Rank, _d0, _d1, _d2, _d3) == (other.Rank, other._d0, other._d1, other._d2, other._d3);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rank, _d0, _d1, _d2, _d3);

    /// <summary>The extents as in «[128, 64]».</summary>
    public override string ToString() => $"[{string.Join(", ", ToArray())}]";

    /// <summary>The extents.</summary>
    public int[] ToArray()
    {
        int[] extents = new int[Rank];
        for (int i = 0; i < extents.Length; i++)
        {
            extents[i] = this[i];
        }

        return extents;
    }

    private static int Checked(int extent) =>
        extent >= 0 ? extent : throw new ShapeException($"a dimension of a tensor must be at least 0 but is {extent}.");
}
