using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Hypersphere.Collectives;

/// <summary>Sums and largest values from two ways of passing bytes around, whatever carries them.</summary>
/// <remarks>A long sum is an exchange (every rank gets all versions of its own share and adds them in the order of the ranks) and a gathering of
/// the shares: 2·(W−1)/W of the numbers pass each rank's network, as in a ring. A short one is a gathering of all versions, one message instead of
/// two. Both give the same bits. Long sums and broadcasts are cut into pieces: no count leaves 32 bits, little memory is needed beside the
/// numbers.</remarks>
public abstract class MessageCollective : ICollective
{
    private const int Piece = 1 << 22;
    private const int ShortBytes = 1 << 15;
    private byte[] _scratch = [];

    /// <inheritdoc/>
    public abstract int Rank { get; }

    /// <inheritdoc/>
    public abstract int Size { get; }

    /// <inheritdoc/>
    public abstract string Host { get; }

    /// <inheritdoc/>
    public void AllReduceSum<T>(Span<T> values)
        where T : unmanaged, INumber<T> => AllReduce(values, new Sum<T>());

    /// <inheritdoc/>
    public void AllReduceMax<T>(Span<T> values)
        where T : unmanaged, INumber<T> => AllReduce(values, new Largest<T>());

    /// <inheritdoc/>
    public void ReduceScatter<T>(Span<T> values, Shares shares)
        where T : unmanaged, INumber<T>
    {
        RequireLength(values.Length, shares);
        if (Fits(values))
        {
            Exchange(values, shares, new Sum<T>());
        }
        else
        {
            AllReduceSum(values);
        }
    }

    /// <inheritdoc/>
    public void AllGather<T>(Span<T> values, Shares shares)
        where T : unmanaged
    {
        RequireLength(values.Length, shares);
        if (Fits(values))
        {
            GatherPiece(values, shares);
            return;
        }

        for (int rank = 0; rank < Size; rank++)
        {
            Broadcast(shares.Of(values, rank), rank);
        }
    }

    /// <inheritdoc/>
    public void Broadcast<T>(Span<T> values, int root)
        where T : unmanaged
    {
        for (int start = 0; start < values.Length; start += Piece)
        {
            BroadcastBytes(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(Piece, values.Length - start))), root);
        }
    }

    /// <inheritdoc/>
    public void Send<T>(ReadOnlySpan<T> values, int to)
        where T : unmanaged
    {
        for (int start = 0; start < values.Length; start += Piece)
        {
            SendBytes(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(Piece, values.Length - start))), to);
        }
    }

    /// <inheritdoc/>
    public void Receive<T>(Span<T> values, int from)
        where T : unmanaged
    {
        for (int start = 0; start < values.Length; start += Piece)
        {
            ReceiveBytes(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(Piece, values.Length - start))), from);
        }
    }

    /// <inheritdoc/>
    public abstract void Barrier();

    /// <inheritdoc/>
    public abstract void Abort(int exitCode);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the connection to the other ranks, which do the same.</summary>
    /// <param name="disposing">Always true: there is no finaliser.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>Every rank gets all shares.</summary>
    /// <param name="values">All shares; the own one is there already.</param>
    /// <param name="shares">In bytes.</param>
    protected abstract void GatherBytes(Span<byte> values, Shares shares);

    /// <summary>Every rank gets all versions of its own share, one behind the other.</summary>
    /// <param name="values">All shares, in this rank's version.</param>
    /// <param name="shares">In bytes.</param>
    /// <param name="versions">As long as the own share times the number of ranks.</param>
    protected abstract void ExchangeBytes(ReadOnlySpan<byte> values, Shares shares, Span<byte> versions);

    /// <summary>Every rank gets one rank's bytes.</summary>
    protected abstract void BroadcastBytes(Span<byte> values, int root);

    /// <summary>Sends to one rank.</summary>
    protected abstract void SendBytes(ReadOnlySpan<byte> values, int to);

    /// <summary>Receives from one rank.</summary>
    protected abstract void ReceiveBytes(Span<byte> values, int from);

    private void AllReduce<T, TJoin>(Span<T> values, TJoin join)
        where T : unmanaged
        where TJoin : struct, IJoin<T>
    {
        for (int start = 0; start < values.Length; start += Piece)
        {
            Span<T> part = values.Slice(start, Math.Min(Piece, values.Length - start));
            if ((long)part.Length * Marshal.SizeOf<T>() * Size <= ShortBytes)
            {
                Span<T> versions = Scratch<T>(part.Length * Size);
                part.CopyTo(versions[(Rank * part.Length)..]);
                GatherPiece(versions, new(Size, Size, part.Length));
                Join(versions, part, join);
            }
            else
            {
                Shares shares = new(part.Length, Size);
                Exchange(part, shares, join);
                GatherPiece(part, shares);
            }
        }
    }

    private void Exchange<T, TJoin>(Span<T> values, Shares shares, TJoin join)
        where T : unmanaged
        where TJoin : struct, IJoin<T>
    {
        Span<T> own = shares.Of(values, Rank), versions = Scratch<T>(own.Length * Size);
        ExchangeBytes(MemoryMarshal.AsBytes(values), InBytes<T>(shares), MemoryMarshal.AsBytes(versions));
        Join(versions, own, join);
    }

    private void Join<T, TJoin>(ReadOnlySpan<T> versions, Span<T> into, TJoin join)
        where T : unmanaged
        where TJoin : struct, IJoin<T>
    {
        versions[..into.Length].CopyTo(into);
        for (int rank = 1; rank < Size; rank++)
        {
            join.Add(into, versions.Slice(rank * into.Length, into.Length));
        }
    }

    private void GatherPiece<T>(Span<T> values, Shares shares)
        where T : unmanaged => GatherBytes(MemoryMarshal.AsBytes(values), InBytes<T>(shares));

    private static Shares InBytes<T>(Shares shares)
        where T : unmanaged => shares with { Width = checked(shares.Width * Marshal.SizeOf<T>()) };

    private static bool Fits<T>(Span<T> values)
        where T : unmanaged => (long)values.Length * Marshal.SizeOf<T>() <= int.MaxValue;

    private static void RequireLength(int length, Shares shares)
    {
        if (length != shares.Length)
        {
            throw new ArgumentException($"{length} numbers are not {shares.Items} items of {shares.Width}.", nameof(shares));
        }
    }

    private Span<T> Scratch<T>(int count)
        where T : unmanaged
    {
        int bytes = checked(count * Marshal.SizeOf<T>());
        if (_scratch.Length < bytes)
        {
            _scratch = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
        }

        return MemoryMarshal.Cast<byte, T>(_scratch.AsSpan(0, bytes));
    }

    private interface IJoin<T>
    {
        void Add(Span<T> to, ReadOnlySpan<T> other);
    }

    private readonly struct Sum<T> : IJoin<T>
        where T : unmanaged, INumber<T>
    {
        public void Add(Span<T> to, ReadOnlySpan<T> other) => TensorPrimitives.Add(to, other, to);
    }

    private readonly struct Largest<T> : IJoin<T>
        where T : unmanaged, INumber<T>
    {
        public void Add(Span<T> to, ReadOnlySpan<T> other) => TensorPrimitives.Max(to, other, to);
    }
}
