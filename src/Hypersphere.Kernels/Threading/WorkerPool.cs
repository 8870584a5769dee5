using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Hypersphere.Kernels.Threading;

/// <summary>Persistent workers that share the chunks of one job with the thread that asked for it.</summary>
/// <remarks>The caller always takes part, so one thread means no other thread at all. Each thread begins with a range of chunks of its own,
/// the same share of every job, and then helps with the others' ranges: what it wrote in one job it finds in its cache in the next.
/// Idle workers spin for a bounded time, then block.
/// A job that starts while another runs on the same pool (from a body, or from another thread) runs on its own thread alone.</remarks>
public sealed unsafe class WorkerPool : IDisposable
{
    private const long Open = 1L << 32;
    private const int Line = 16;
    private static readonly long SpinTicks = Stopwatch.Frequency / 20_000;
    private static WorkerPool _shared = new(Environment.ProcessorCount);

    private readonly Thread[] _workers;
    private readonly object _sleep = new();
    private long _gate;                 // bit 32: a job is open; low bits: workers inside it; high bits: job number
    private int _busy;
    private int _sleepers;
    private readonly int[] _next;       // of each thread's range of chunks, a cache line apart
    private int _chunks;
    private void* _body;
    private delegate*<void*, int, void> _run;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _disposed;

    /// <summary>Starts a pool.</summary>
    /// <param name="threads">Threads that compute together, the caller included; at least 1.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _workers = new Thread[threads - 1];
        _next = new int[(threads + 1) * Line];
        for (int i = 0; i < _workers.Length; i++)
        {
            int index = i + 1;
            _workers[i] = new Thread(() => Work(index)) { IsBackground = true, Name = $"hypersphere-worker-{i + 1}" };
            _workers[i].Start();
        }
    }

    /// <summary>The pool that every kernel uses.</summary>
    public static WorkerPool Shared => _shared;

    /// <summary>Threads that compute together, the caller included.</summary>
    public int Threads { get; }

    /// <summary>Replaces <see cref="Shared"/> by a pool of another size. Not while kernels run.</summary>
    /// <param name="threads">Threads that compute together, the caller included; at least 1.</param>
    public static void Configure(int threads)
    {
        if (threads == _shared.Threads)
        {
            return;
        }

        WorkerPool old = Interlocked.Exchange(ref _shared, new WorkerPool(threads));
        old.Dispose();
    }

    /// <summary>Runs every chunk of <paramref name="body"/> once and returns when all are done.</summary>
    /// <param name="chunks">How many chunks there are; cut work by its shape, never by the number of threads.</param>
    /// <param name="body">The work. The first exception of a chunk is rethrown here.</param>
    /// <typeparam name="TBody">A struct, so that nothing is allocated.</typeparam>
    public void Run<TBody>(int chunks, ref TBody body)
        where TBody : struct, IParallelBody
    {
        if (chunks > 1 && _workers.Length > 0 && Interlocked.Exchange(ref _busy, 1) == 0)
        {
            try
            {
                Launch(chunks, Unsafe.AsPointer(ref body), &Invoke<TBody>);
            }
            finally
            {
                Volatile.Write(ref _busy, 0);
            }
        }
        else
        {
            for (int i = 0; i < chunks; i++)
            {
                body.Run(i);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        lock (_sleep)
        {
            Monitor.PulseAll(_sleep);
        }
    }

    private static void Invoke<TBody>(void* body, int chunk)
        where TBody : struct, IParallelBody => Unsafe.AsRef<TBody>(body).Run(chunk);

    private void Launch(int chunks, void* body, delegate*<void*, int, void> run)
    {
        _body = body;
        _run = run;
        _chunks = chunks;
        _failure = null;
        for (int thread = 0; thread < Threads; thread++)
        {
            Next(thread) = FirstOf(thread);
        }

        Interlocked.Add(ref _gate, Open);
        if (Volatile.Read(ref _sleepers) > 0)
        {
            lock (_sleep)
            {
                Monitor.PulseAll(_sleep);
            }
        }

        Drain(0);
        Interlocked.Add(ref _gate, Open);
        SpinWait spin = default;
        while ((Interlocked.Read(ref _gate) & (Open - 1)) != 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        _failure?.Throw();
    }

    private ref int Next(int thread) => ref _next[(thread + 1) * Line];

    private int FirstOf(int thread) => (int)((long)_chunks * thread / Threads);

    private void Drain(int self)
    {
        try
        {
            for (int i = 0, thread = self; i < Threads; i++, thread = thread + 1 < Threads ? thread + 1 : 0)
            {
                int end = FirstOf(thread + 1);
                for (int chunk; Volatile.Read(ref Next(thread)) < end && (chunk = Interlocked.Increment(ref Next(thread)) - 1) < end;)
                {
                    _run(_body, chunk);
                }
            }
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            for (int thread = 0; thread < Threads; thread++)
            {
                Volatile.Write(ref Next(thread), _chunks);
            }
        }
    }

    private void Work(int self)
    {
        long finished = 0;
        while (WaitForJob(finished))
        {
            long gate = Interlocked.Read(ref _gate);
            if ((gate & Open) != 0 && Interlocked.CompareExchange(ref _gate, gate + 1, gate) == gate)
            {
                Drain(self);
                finished = Interlocked.Decrement(ref _gate) | (Open - 1);
            }
        }
    }

    /// <summary>Waits for an open job other than the one that this worker found exhausted; false when the pool is disposed.</summary>
    private bool WaitForJob(long finished)
    {
        long deadline = Stopwatch.GetTimestamp() + SpinTicks;
        while (!HasJob(finished))
        {
            if (_disposed)
            {
                return false;
            }

            if (Stopwatch.GetTimestamp() < deadline)
            {
                Thread.SpinWait(20);
                continue;
            }

            lock (_sleep)
            {
                _sleepers++;
                Interlocked.MemoryBarrier();
                while (!HasJob(finished) && !_disposed)
                {
                    Monitor.Wait(_sleep);
                }

                _sleepers--;
            }
        }

        return true;
    }

    private bool HasJob(long finished)
    {
        long gate = Interlocked.Read(ref _gate);
        return (gate & Open) != 0 && (gate | (Open - 1)) != finished;
    }
}
