namespace Hypersphere.Tensors;

/// <summary>Up to four-dimensional, contiguous, row-major float32 numbers; images are [N, H, W, C], embeddings [N, D].</summary>
/// <remarks>Inside a <see cref="Scope"/> the memory is pooled and goes back when the scope ends; outside one it is ordinary
/// garbage-collected memory. There is nothing to dispose. A tensor whose memory went back refuses to be read.</remarks>
public sealed unsafe partial class Tensor
{
    private Storage? _storage;
    private Tensor? _gradient;
    private Tensor? _parameterGradient;

    private Tensor(Storage storage, Shape shape)
    {
        _storage = storage;
        storage.Holders++;
        Shape = shape;
        Count = shape.Count;
    }

    /// <summary>The extents.</summary>
    public Shape Shape { get; }

    /// <summary>How many numbers it holds.</summary>
    public int Count { get; }

    /// <summary>The numbers, row-major. Valid while the tensor's memory is.</summary>
    /// <exception cref="ObjectDisposedException">The memory went back to the pool.</exception>
    public Span<float> Span => Storage.Span(Count);

    /// <summary>For a kernel; whoever hands it on refers to the tensor until the kernel is done.</summary>
    internal float* Pointer => Storage.Pointer;

    private Storage Storage
    {
        get
        {
            if (_storage is null)
            {
                Throw.Released(Shape.ToString());
            }

            return _storage;
        }
    }

    /// <summary>Whether Backward must compute a gradient for it.</summary>
    internal bool NeedsGradient { get; set; }

    /// <summary>dLoss/dThis while Backward runs, for a parameter until the optimizer has used it; of all rows unless
    /// <see cref="GradientRows"/> says otherwise.</summary>
    internal Tensor? Gradient
    {
        get => _gradient;
        set => (_gradient, GradientRows) = (value, null);
    }

    /// <summary>What the backward pass does to a parameter instead of leaving a gradient; see <see cref="Optimizers.Optimizer.StepInBackward"/>.</summary>
    internal OptimizerStep? StepInPlace { get; set; }

    /// <summary>A parameter's gradient lives in memory of its own, outside every scope.</summary>
    internal bool IsParameter { get; init; }

    /// <summary>Of what matrix these are some rows; null for a whole one.</summary>
    internal SpreadRows? Spread { get; set; }

    internal bool IsReleased => _storage is null;

    internal bool IsKept { get; private set; }

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(Shape shape)
    {
        Tensor tensor = Empty(shape);
        tensor.Span.Clear();
        return tensor;
    }

    /// <summary>A copy of <paramref name="values"/>.</summary>
    /// <exception cref="ShapeException">The shape holds another number of values.</exception>
    public static Tensor From(ReadOnlySpan<float> values, Shape shape)
    {
        if (values.Length != shape.Count)
        {
            Throw.Shape("Tensor.From", "the values", $"{shape.Count} numbers for shape {shape}", $"{values.Length}");
        }

        Tensor tensor = Empty(shape);
        values.CopyTo(tensor.Span);
        return tensor;
    }

    /// <summary>The only number of a tensor of one.</summary>
    /// <exception cref="ShapeException">It holds another number of numbers.</exception>
    public float Item()
    {
        if (Count != 1)
        {
            Throw.Shape("Tensor.Item", "the tensor", "a single number", Shape.ToString());
        }

        return Span[0];
    }

    /// <summary>A copy of the numbers.</summary>
    public float[] ToArray() => Span.ToArray();

    /// <summary>Takes the tensor out of its scope: it lives as long as someone refers to it, and survives Backward.</summary>
    public Tensor Keep()
    {
        if (Storage is { Pooled: true, Holders: 1 } storage && !IsKept)
        {
            StoragePool.Forget(storage);
        }

        IsKept = true;
        return this;
    }

    /// <summary>Shape and, for a few numbers, the numbers.</summary>
    public override string ToString() =>
        IsReleased ? $"Tensor {Shape} (released)" : Count <= 8 ? $"Tensor {Shape} {{ {string.Join(", ", ToArray())} }}" : $"Tensor {Shape}";

    /// <summary>Uninitialised memory, pooled inside a scope.</summary>
    internal static Tensor Empty(Shape shape)
    {
        Scope? scope = Scope.Current;
        Tensor tensor = new(scope is null ? new Storage(shape.Count, pooled: false) : StoragePool.Rent(shape.Count), shape);
        scope?.Hold(tensor);
        return tensor;
    }

    /// <summary>Uninitialised garbage-collected memory whatever the scope: for parameters and optimizer state.</summary>
    internal static Tensor EmptyUnscoped(Shape shape, bool isParameter = false, SpreadRows? spread = null) =>
        new(new Storage(shape.Count, pooled: false), shape) { IsParameter = isParameter, NeedsGradient = isParameter, Spread = spread };

    /// <summary>Another shape over the same memory.</summary>
    internal Tensor View(Shape shape)
    {
        Tensor view = new(Storage, shape) { IsKept = IsKept };
        Scope.Current?.Hold(view);
        return view;
    }

    /// <summary>The gradient to write into; the first writer assigns, later ones add.</summary>
    internal Tensor GradientToWrite(out bool accumulate)
    {
        SpreadGradientRows();
        accumulate = Gradient is not null;
        if (IsParameter)
        {
            Tape.Written?.Add(this);
        }

        return Gradient ??= IsParameter ? _parameterGradient ??= EmptyUnscoped(Shape) : RowsOf?.LendRowGradient(this) ?? Empty(Shape);
    }

    internal void Release()
    {
        if (_storage is { } storage && !IsKept)
        {
            _storage = null;
            if (--storage.Holders == 0 && storage.Pooled)
            {
                StoragePool.Return(storage);
            }
        }
    }
}
