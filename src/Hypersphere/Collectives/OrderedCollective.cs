using System.Numerics;
using System.Runtime.ExceptionServices;

namespace Hypersphere.Collectives;

/// <summary>Lets collective work run behind the back of the thread that computes, in the order in which it was asked for, which is what keeps ranks
/// from waiting for one another crosswise: posted work on a thread of its own, or on the caller's if that has to wait for it; all else on the caller's,
/// behind what was posted.</summary>
/// <param name="inner">What carries the messages; disposed with this.</param>
public sealed class OrderedCollective(ICollective inner) : ICollective
{
    private readonly object _gate = new();
    private readonly Queue<Action<ICollective>> _posted = new();
    private Thread? _thread;
    private bool _working;
    private bool _ended;
    private ExceptionDispatchInfo? _failure;

    /// <inheritdoc/>
    public int Rank => inner.Rank;

    /// <inheritdoc/>
    public int Size => inner.Size;

    /// <inheritdoc/>
    public string Host => inner.Host;

    /// <summary>Hands over work to be done in the background.</summary>
    public void Post(Action<ICollective> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        lock (_gate)
        {
            _posted.Enqueue(work);
            if (_thread is null)
            {
                _thread = new Thread(Work) { IsBackground = true, Name = "hypersphere-exchange" };
                _thread.Start();
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until all posted work is done, and does here what has not begun; throws what it threw.</summary>
    public void Wait()
    {
        while (_failure is null && Next(patiently: false) is { } work)
        {
            Do(work);
        }

        _failure?.Throw();
    }

    /// <inheritdoc/>
    public void AllReduceSum<T>(Span<T> values)
        where T : unmanaged, INumber<T>
    {
        Wait();
        inner.AllReduceSum(values);
    }

    /// <inheritdoc/>
    public void AllReduceMax<T>(Span<T> values)
        where T : unmanaged, INumber<T>
    {
        Wait();
        inner.AllReduceMax(values);
    }

    /// <inheritdoc/>
    public void ReduceScatter<T>(Span<T> values, Shares shares)
        where T : unmanaged, INumber<T>
    {
        Wait();
        inner.ReduceScatter(values, shares);
    }

    /// <inheritdoc/>
    public void AllGather<T>(Span<T> values, Shares shares)
        where T : unmanaged
    {
        Wait();
        inner.AllGather(values, shares);
    }

    /// <inheritdoc/>
    public void Broadcast<T>(Span<T> values, int root)
        where T : unmanaged
    {
        Wait();
        inner.Broadcast(values, root);
    }

    /// <inheritdoc/>
    public void Send<T>(ReadOnlySpan<T> values, int to)
        where T : unmanaged
    {
        Wait();
        inner.Send(values, to);
    }

    /// <inheritdoc/>
    public void Receive<T>(Span<T> values, int from)
        where T : unmanaged
    {
        Wait();
        inner.Receive(values, from);
    }

    /// <inheritdoc/>
    public void Barrier()
    {
        Wait();
        inner.Barrier();
    }

    /// <inheritdoc/>
    public void Abort(int exitCode) => inner.Abort(exitCode);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }

        _thread?.Join();
        inner.Dispose();
    }

    private void Work()
    {
        while (Next(patiently: true) is { } work)
        {
            Do(work);
        }
    }

    private void Do(Action<ICollective> work)
    {
        try
        {
            work(inner);
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }

        lock (_gate)
        {
            _working = false;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes the next piece of work as soon as no other is being done; null if there is none or, patiently, if there will be none.</summary>
    private Action<ICollective>? Next(bool patiently)
    {
        lock (_gate)
        {
            while (_working || (patiently && _posted.Count == 0 && !_ended))
            {
                Monitor.Wait(_gate);
            }

            _working = _posted.TryDequeue(out Action<ICollective>? work);
            return work;
        }
    }
}
