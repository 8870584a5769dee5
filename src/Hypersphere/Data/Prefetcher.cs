using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Hypersphere.Data;

/// <summary>One background thread that fills a ring of slots ahead of one consumer, in order.</summary>
/// <remarks>A slot belongs to the thread while position − released &lt; ring, then to the consumer from <see cref="Next"/> to the next
/// <see cref="Next"/>. An error of the thread reaches the consumer behind the batches that were finished before it.</remarks>
internal sealed class Prefetcher(int ring, int first, int end) : IDisposable
{
    private readonly object _gate = new();
    private Thread? _thread;
    private int _produced = first;
    private int _taken = first;
    private int _released = first;
    private bool _stopped;
    private ExceptionDispatchInfo? _error;

    /// <summary>How long the consumer waited.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>Begins to fill.</summary>
    /// <param name="fill">Called with slot and position on the background thread; here and now where there is nothing to be ahead of.</param>
    public void Start(Action<int, int> fill)
    {
        if (end - _produced == 1)
        {
            Produce(fill);
            return;
        }

        _thread = new Thread(() => Produce(fill)) { IsBackground = true, Name = "Hypersphere data" };
        _thread.Start();
    }

    /// <summary>Gives the last slot back and waits for the next.</summary>
    /// <returns>The slot; −1 at the end.</returns>
    public int Next()
    {
        lock (_gate)
        {
            _released = _taken;
            Monitor.PulseAll(_gate);
            if (_taken >= end || _stopped)
            {
                return -1;
            }

            long begin = Stopwatch.GetTimestamp();
            while (_produced == _taken && _error is null && !_stopped)
            {
                Monitor.Wait(_gate);
            }

            Waited += Stopwatch.GetElapsedTime(begin);
            if (_produced == _taken)
            {
                _error?.Throw();
                return -1;
            }

            return _taken++ % ring;
        }
    }

    /// <summary>Ends the thread and waits until it has ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        _thread?.Join();
    }

    private void Produce(Action<int, int> fill)
    {
        try
        {
            for (int position = _produced; position < end && WaitForSlot(position); position++)
            {
                fill(position % ring, position);
                lock (_gate)
                {
                    _produced = position + 1;
                    Monitor.PulseAll(_gate);
                }
            }
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _error = ExceptionDispatchInfo.Capture(e);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private bool WaitForSlot(int position)
    {
        lock (_gate)
        {
            while (position - _released >= ring && !_stopped)
            {
                Monitor.Wait(_gate);
            }

            return !_stopped;
        }
    }
}
