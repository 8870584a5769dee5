namespace Hypersphere.Collectives;

/// <summary>What the processes of one training, its ranks, do together: every rank calls the same methods in the same order.</summary>
/// <remarks>Sums are taken in the order of the ranks, so that every rank gets the same bits, whatever carries the messages. The ranks must be of
/// one byte order. A collective is used by one thread at a time.</remarks>
public interface ICollective : IDisposable
{
    /// <summary>This process' number, from 0.</summary>
    int Rank { get; }

    /// <summary>How many processes there are.</summary>
    int Size { get; }

    /// <summary>The machine that it runs on.</summary>
    string Host { get; }

    /// <summary>Every number becomes the sum over the ranks.</summary>
    void AllReduceSum<T>(Span<T> values)
        where T : unmanaged, System.Numerics.INumber<T>;

    /// <summary>Every number becomes the largest over the ranks.</summary>
    void AllReduceMax<T>(Span<T> values)
        where T : unmanaged, System.Numerics.INumber<T>;

    /// <summary>Every rank's own share becomes the sum over the ranks; the rest may hold anything afterwards.</summary>
    /// <param name="values">As long as all shares.</param>
    /// <param name="shares">Which rank owns what.</param>
    void ReduceScatter<T>(Span<T> values, Shares shares)
        where T : unmanaged, System.Numerics.INumber<T>;

    /// <summary>Every rank gets all shares.</summary>
    /// <param name="values">As long as all shares; the own one is there already.</param>
    /// <param name="shares">Which rank owns what.</param>
    void AllGather<T>(Span<T> values, Shares shares)
        where T : unmanaged;

    /// <summary>Every rank gets what one of them has.</summary>
    /// <param name="values">Equally long everywhere.</param>
    /// <param name="root">The rank that has it.</param>
    void Broadcast<T>(Span<T> values, int root)
        where T : unmanaged;

    /// <summary>Sends to one rank, which must receive as much.</summary>
    void Send<T>(ReadOnlySpan<T> values, int to)
        where T : unmanaged;

    /// <summary>Receives what one rank sends.</summary>
    void Receive<T>(Span<T> values, int from)
        where T : unmanaged;

    /// <summary>Waits until all ranks are here.</summary>
    void Barrier();

    /// <summary>Ends all ranks at once, this one too.</summary>
    /// <param name="exitCode">What the processes answer.</param>
    void Abort(int exitCode);
}
