namespace Hypersphere.Collectives;

/// <summary>One rank: what it has is what all have.</summary>
public sealed class SingleProcess : ICollective
{
    private SingleProcess()
    {
    }

    /// <summary>The only one.</summary>
    public static SingleProcess Instance { get; } = new();

    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Size => 1;

    /// <inheritdoc/>
    public string Host => Environment.MachineName;

    /// <inheritdoc/>
    public void AllReduceSum<T>(Span<T> values)
        where T : unmanaged, System.Numerics.INumber<T>
    {
    }

    /// <inheritdoc/>
    public void AllReduceMax<T>(Span<T> values)
        where T : unmanaged, System.Numerics.INumber<T>
    {
    }

    /// <inheritdoc/>
    public void ReduceScatter<T>(Span<T> values, Shares shares)
        where T : unmanaged, System.Numerics.INumber<T>
    {
    }

    /// <inheritdoc/>
    public void AllGather<T>(Span<T> values, Shares shares)
        where T : unmanaged
    {
    }

    /// <inheritdoc/>
    public void Broadcast<T>(Span<T> values, int root)
        where T : unmanaged
    {
    }

    /// <inheritdoc/>
    public void Send<T>(ReadOnlySpan<T> values, int to)
        where T : unmanaged => throw new InvalidOperationException("one process has nobody to send to.");

    /// <inheritdoc/>
    public void Receive<T>(Span<T> values, int from)
        where T : unmanaged => throw new InvalidOperationException("one process has nobody to receive from.");

    /// <inheritdoc/>
    public void Barrier()
    {
    }

    /// <inheritdoc/>
    public void Abort(int exitCode) => Environment.Exit(exitCode);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
