namespace Hypersphere.Tensors;

/// <summary>What a parameter is, as far as weight decay cares.</summary>
public enum ParameterKind
{
    /// <summary>A weight matrix, filter or prototype: decayed.</summary>
    Weight,

    /// <summary>A bias, or a scale or slope of a normalisation or activation: decayed unless the optimizer is told not to.</summary>
    Vector,
}

/// <summary>A tensor that training changes, with its gradient.</summary>
public sealed class Parameter
{
    /// <summary>A parameter of zeros.</summary>
    /// <param name="shape">Its shape in memory.</param>
    /// <param name="kind">Whether weight decay applies by default.</param>
    /// <param name="layout">How it is stored in files when other than in memory.</param>
    public Parameter(Shape shape, ParameterKind kind, FileLayout? layout = null)
    {
        Value = Tensor.EmptyUnscoped(shape, isParameter: true);
        Value.Span.Clear();
        Kind = kind;
        Layout = layout ?? FileLayout.Same(shape);
    }

    /// <summary>Zeros for this rank's rows of a weight matrix.</summary>
    internal Parameter(SpreadRows rows, int width)
    {
        Shape shape = new(rows.Count, width);
        Value = Tensor.EmptyUnscoped(shape, isParameter: true, rows);
        Value.Span.Clear();
        Kind = ParameterKind.Weight;
        Layout = FileLayout.Same(shape);
    }

    /// <summary>The numbers.</summary>
    public Tensor Value { get; }

    /// <summary>Whether weight decay applies by default.</summary>
    public ParameterKind Kind { get; }

    /// <summary>How files hold it.</summary>
    public FileLayout Layout { get; }

    /// <summary>dLoss/dValue summed over the backward passes since the last step, of <see cref="GradientRows"/> alone if there are some; null
    /// when there was none.</summary>
    public Tensor? Gradient => Value.Gradient;

    /// <summary>The rows that the gradient is of, ascending, as Partial FC leaves it: [S,D], while all other rows have none. Null: of all
    /// rows.</summary>
    public IReadOnlyList<int>? GradientRows => Value.GradientRows;

    /// <summary>What the learning rate is multiplied by for it.</summary>
    public float RateFactor { get; set; } = 1;

    /// <summary>Frozen parameters get no gradient and do not change.</summary>
    public bool IsFrozen
    {
        get => !Value.NeedsGradient;
        set => Value.NeedsGradient = !value;
    }
}

/// <summary>A parameter or a buffer with its dotted name, as in a PyTorch state dictionary.</summary>
/// <param name="Name">Such as «body.0.weight».</param>
/// <param name="Parameter">The parameter.</param>
public readonly record struct NamedParameter(string Name, Parameter Parameter);

/// <summary>Numbers that a module carries along without training them, such as running statistics.</summary>
/// <param name="Name">Dotted name.</param>
/// <param name="Value">The numbers.</param>
public readonly record struct NamedBuffer(string Name, Tensor Value);
