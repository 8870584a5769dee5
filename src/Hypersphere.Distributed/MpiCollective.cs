using System.Diagnostics;
using System.Text;
using Hypersphere.Collectives;

namespace Hypersphere.Distributed;

/// <summary>The ranks that mpirun started, over Open MPI or MPICH.</summary>
/// <remarks>Needs an MPI of version 3 that lets several threads call it, one at a time. Waiting is done here, not in the library: it would turn in
/// a loop and take the processor from the threads that compute.</remarks>
public sealed unsafe class MpiCollective : MessageCollective
{
    private const int LongestName = 8192;
    private static readonly long Patience = Stopwatch.Frequency / 50;

    private readonly MpiFunctions _mpi;
    private readonly int[] _sendCounts;
    private readonly int[] _sendStarts;
    private readonly int[] _counts;
    private readonly int[] _starts;
    private bool _finished;

    private MpiCollective(MpiFunctions mpi)
    {
        _mpi = mpi;
        int rank, size;
        Check(mpi.Rank(mpi.World, &rank), "MPI_Comm_rank");
        Check(mpi.Size(mpi.World, &size), "MPI_Comm_size");
        (Rank, Size) = (rank, size);
        Host = Text(mpi.Name);
        Version = Text(mpi.Version).Split(',', '\n')[0].Trim();
        (_sendCounts, _sendStarts, _counts, _starts) = (Pinned(size), Pinned(size), Pinned(size), Pinned(size));
    }

    /// <inheritdoc/>
    public override int Rank { get; }

    /// <inheritdoc/>
    public override int Size { get; }

    /// <inheritdoc/>
    public override string Host { get; }

    /// <summary>What the library calls itself.</summary>
    public string Version { get; }

    /// <summary>Joins the ranks; once in a process.</summary>
    /// <exception cref="InputException">There is no MPI, it is too old, or it is not that of the mpirun that started this process.</exception>
    public static MpiCollective Join()
    {
        MpiFunctions mpi = MpiFunctions.Load();
        int provided;
        Check(mpi.Init(null, null, MpiFunctions.Serialized, &provided), "MPI_Init_thread");
        Check(mpi.SetErrorHandler(mpi.World, mpi.ErrorsReturn), "MPI_Comm_set_errhandler"); // or the library ends the process before it can say why
        var ranks = new MpiCollective(mpi);
        if (provided < MpiFunctions.Serialized)
        {
            throw new InputException($"{ranks.Version} was built without support for threads; install one with it: {MpiLibrary.Remedy}");
        }

        if (MpiLaunch.Size is { } expected && expected != ranks.Size)
        {
            throw new InputException(
                $"mpirun started {expected} ranks, but {ranks.Version} sees {ranks.Size}: the library is not that mpirun's; name its file in HYPERSPHERE_MPI.");
        }

        return ranks;
    }

    /// <inheritdoc/>
    public override void Barrier()
    {
        nint request;
        Check(_mpi.Barrier(_mpi.World, &request), "MPI_Ibarrier");
        Complete(request);
    }

    /// <inheritdoc/>
    public override void Abort(int exitCode) => _ = _mpi.Abort(_mpi.World, exitCode);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_finished)
        {
            _finished = true;
            _ = _mpi.Finish();
        }
    }

    /// <inheritdoc/>
    protected override void GatherBytes(Span<byte> values, Shares shares)
    {
        Describe(shares, _counts, _starts);
        nint request;
        fixed (byte* all = values)
        fixed (int* counts = _counts, starts = _starts)
        {
            Check(_mpi.Gather(_mpi.InPlace, 0, _mpi.Byte, all, counts, starts, _mpi.Byte, _mpi.World, &request), "MPI_Iallgatherv");
            Complete(request);
        }
    }

    /// <inheritdoc/>
    protected override void ExchangeBytes(ReadOnlySpan<byte> values, Shares shares, Span<byte> versions)
    {
        Describe(shares, _sendCounts, _sendStarts);
        int own = _sendCounts[Rank];
        for (int rank = 0; rank < Size; rank++)
        {
            (_counts[rank], _starts[rank]) = (own, checked(rank * own));
        }

        nint request;
        fixed (byte* send = values, receive = versions)
        fixed (int* sendCounts = _sendCounts, sendStarts = _sendStarts, counts = _counts, starts = _starts)
        {
            Check(
                _mpi.Exchange(send, sendCounts, sendStarts, _mpi.Byte, receive, counts, starts, _mpi.Byte, _mpi.World, &request),
                "MPI_Ialltoallv");
            Complete(request);
        }
    }

    /// <inheritdoc/>
    protected override void BroadcastBytes(Span<byte> values, int root)
    {
        nint request;
        fixed (byte* bytes = values)
        {
            Check(_mpi.Broadcast(bytes, values.Length, _mpi.Byte, root, _mpi.World, &request), "MPI_Ibcast");
            Complete(request);
        }
    }

    /// <inheritdoc/>
    protected override void SendBytes(ReadOnlySpan<byte> values, int to)
    {
        nint request;
        fixed (byte* bytes = values)
        {
            Check(_mpi.Send(bytes, values.Length, _mpi.Byte, to, 0, _mpi.World, &request), "MPI_Isend");
            Complete(request);
        }
    }

    /// <inheritdoc/>
    protected override void ReceiveBytes(Span<byte> values, int from)
    {
        nint request;
        fixed (byte* bytes = values)
        {
            Check(_mpi.Receive(bytes, values.Length, _mpi.Byte, from, 0, _mpi.World, &request), "MPI_Irecv");
            Complete(request);
        }
    }

    /// <summary>Waits for an operation: eagerly on the thread that computes, which has nothing else to do, and at leisure on a background thread
    /// or when the wait is long, since whoever is waited for may need this processor.</summary>
    private void Complete(nint request)
    {
        long began = Stopwatch.GetTimestamp();
        bool behind = Thread.CurrentThread.IsBackground;
        for (int tries = 0; ; tries++)
        {
            int done;
            Check(_mpi.Test(&request, &done, _mpi.IgnoreStatus), "MPI_Test");
            if (done != 0)
            {
                return;
            }

            if (tries > 4 && (behind || Stopwatch.GetTimestamp() - began > Patience))
            {
                Thread.Sleep(1);
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    private static void Describe(Shares shares, int[] counts, int[] starts)
    {
        for (int rank = 0; rank < counts.Length; rank++)
        {
            (counts[rank], starts[rank]) = (checked(shares.Count(rank) * shares.Width), checked(shares.First(rank) * shares.Width));
        }
    }

    private static int[] Pinned(int count) => GC.AllocateArray<int>(count, pinned: true);

    private static string Text(delegate* unmanaged<byte*, int*, int> function)
    {
        byte* text = stackalloc byte[LongestName];
        int length = 0;
        Check(function(text, &length), "MPI_Get_processor_name");
        return Encoding.UTF8.GetString(text, length).TrimEnd('\0');
    }

    private static void Check(int code, string function)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"{function} failed with code {code}; another rank or its network is gone.");
        }
    }
}
