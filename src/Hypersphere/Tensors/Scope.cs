namespace Hypersphere.Tensors;

/// <summary>A stretch of code whose tensors are rented from a pool and go back when it ends.</summary>
/// <example><code>using var scope = Scope.Begin();
/// float[] embedding = backbone.Forward(image).ToArray();</code></example>
public class Scope : IDisposable
{
    [ThreadStatic]
    private static Scope? _current;

    private readonly Scope? _outer;
    private readonly List<Tensor> _tensors = [];
    private bool _ended;

    private protected Scope()
    {
        _outer = _current;
        _current = this;
    }

    internal static Scope? Current => _current;

    /// <summary>Begins a scope on this thread; dispose it to end it.</summary>
    public static Scope Begin() => new();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    internal void Hold(Tensor tensor) => _tensors.Add(tensor);

    /// <summary>Ends the scope.</summary>
    /// <param name="disposing">Always true: there is no finaliser.</param>
    /// <exception cref="InvalidOperationException">A scope inside it has not ended.</exception>
    protected virtual void Dispose(bool disposing)
    {
        if (_ended)
        {
            return;
        }

        if (_current != this)
        {
            throw new InvalidOperationException("scopes end in the reverse order of their beginning, on the thread that began them.");
        }

        _ended = true;
        _current = _outer;
        foreach (Tensor tensor in _tensors)
        {
            tensor.Release();
        }
    }
}
