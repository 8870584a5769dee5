using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Hypersphere.Collectives;

namespace Hypersphere.Tests.Collectives;

/// <summary>Ranks that are threads of this process, to test what ranks do without an MPI.</summary>
internal sealed class ThreadRanks : MessageCollective
{
    private readonly Meeting _meeting;

    private ThreadRanks(int rank, Meeting meeting) => (Rank, _meeting) = (rank, meeting);

    public override int Rank { get; }

    public override int Size => _meeting.Slots.Length;

    public override string Host => $"host-{Rank}";

    /// <summary>Does something on every rank, and waits for all; throws what the first of them threw.</summary>
    public static T[] Run<T>(int size, Func<OrderedCollective, T> work)
    {
        using var meeting = new Meeting(size);
        var results = new T[size];
        var failures = new ExceptionDispatchInfo?[size];
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            using var ranks = new OrderedCollective(new ThreadRanks(rank, meeting));
            try
            {
                results[rank] = work(ranks);
            }
            catch (Exception e)
            {
                failures[rank] = ExceptionDispatchInfo.Capture(e);
                meeting.Broken.Cancel();
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        failures.FirstOrDefault(f => f is { SourceException: not OperationCanceledException })?.Throw();
        return results;
    }

    public override void Barrier() => Meet();

    public override void Abort(int exitCode) => _meeting.Broken.Cancel();

    protected override void Dispose(bool disposing)
    {
    }

    protected override void GatherBytes(Span<byte> values, Shares shares)
    {
        _meeting.Slots[Rank] = shares.Of(values, Rank).ToArray();
        Meet();
        for (int rank = 0; rank < Size; rank++)
        {
            _meeting.Slots[rank].CopyTo(shares.Of(values, rank));
        }

        Meet();
    }

    protected override void ExchangeBytes(ReadOnlySpan<byte> values, Shares shares, Span<byte> versions)
    {
        _meeting.Slots[Rank] = values.ToArray();
        Meet();
        for (int rank = 0; rank < Size; rank++)
        {
            Span<byte> own = shares.Of(_meeting.Slots[rank].AsSpan(), Rank);
            own.CopyTo(versions[(rank * own.Length)..]);
        }

        Meet();
    }

    protected override void BroadcastBytes(Span<byte> values, int root)
    {
        if (Rank == root)
        {
            _meeting.Slots[root] = values.ToArray();
        }

        Meet();
        _meeting.Slots[root].CopyTo(values);
        Meet();
    }

    protected override void SendBytes(ReadOnlySpan<byte> values, int to) => _meeting.Post(Rank, to).Add(values.ToArray());

    protected override void ReceiveBytes(Span<byte> values, int from) => _meeting.Post(from, Rank).Take(_meeting.Broken.Token).CopyTo(values);

    private void Meet() => _meeting.Barrier.SignalAndWait(_meeting.Broken.Token);

    private sealed class Meeting(int size) : IDisposable
    {
        private readonly ConcurrentDictionary<(int From, int To), BlockingCollection<byte[]>> _posts = new();

        public Barrier Barrier { get; } = new(size);

        public CancellationTokenSource Broken { get; } = new();

        public byte[][] Slots { get; } = new byte[size][];

        public BlockingCollection<byte[]> Post(int from, int to) => _posts.GetOrAdd((from, to), _ => []);

        public void Dispose()
        {
            Barrier.Dispose();
            Broken.Dispose();
        }
    }
}
