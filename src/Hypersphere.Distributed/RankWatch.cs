using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Hypersphere.Collectives;

namespace Hypersphere.Distributed;

/// <summary>Notices within moments that a rank has been killed, or within 15 seconds that its machine is gone, and says which.</summary>
/// <remarks>Every rank keeps a connection to rank 0, on which nothing is sent but a farewell: the system closes it when a process ends, however it
/// ends. mpirun ends the job by itself in most cases, but not every one says which rank it was. Where machines cannot reach one another except
/// through MPI there is no watch, and nothing else changes.</remarks>
public sealed class RankWatch : IDisposable
{
    private const int SecretLength = 16, GreetingLength = SecretLength + sizeof(int);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly int _size;
    private readonly Action<int> _gone;
    private readonly List<Socket> _connections = [];
    private volatile bool _ended;

    private RankWatch(int size, Action<int> gone) => (_size, _gone) = (size, gone);

    /// <summary>Begins to watch; all ranks call it.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="gone">Told, on another thread, which rank ended without a farewell: rank 0 hears of any other, the others hear of rank
    /// 0.</param>
    public static RankWatch Begin(ICollective ranks, Action<int> gone)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        var watch = new RankWatch(ranks.Size, gone);
        Span<byte> greeting = stackalloc byte[GreetingLength];
        string host = Agreement.Gather(ranks, ranks.Host)[0];
        if (ranks.Rank == 0)
        {
            RandomNumberGenerator.Fill(greeting[..SecretLength]);
            BinaryPrimitives.WriteInt32LittleEndian(greeting[SecretLength..], ranks.Size > 1 ? watch.Listen(greeting[..SecretLength].ToArray()) : 0);
        }

        ranks.Broadcast(greeting, root: 0);
        if (ranks.Rank > 0)
        {
            int port = BinaryPrimitives.ReadInt32LittleEndian(greeting[SecretLength..]);
            BinaryPrimitives.WriteInt32LittleEndian(greeting[SecretLength..], ranks.Rank);
            watch.Connect(host == ranks.Host ? "localhost" : host, port, greeting.ToArray());
        }

        return watch;
    }

    /// <summary>Says farewell.</summary>
    public void Dispose()
    {
        _ended = true;
        lock (_connections)
        {
            foreach (Socket connection in _connections)
            {
                try
                {
                    connection.Send([1]);
                }
                catch (SocketException)
                {
                    // the other side has ended, too
                }

                connection.Dispose();
            }

            _connections.Clear();
        }
    }

    private int Listen(byte[] secret)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen(_size);
        _ = Accept(listener, secret);
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private async Task Accept(Socket listener, byte[] secret)
    {
        using (listener)
        {
            for (int met = 1; met < _size && !_ended;)
            {
                Socket connection = await listener.AcceptAsync().ConfigureAwait(false);
                byte[] greeting = new byte[GreetingLength];
                if (await Receive(connection, greeting).ConfigureAwait(false) && greeting.AsSpan(0, SecretLength).SequenceEqual(secret))
                {
                    met++;
                    connection.Send([1]);
                    Keep(connection, BinaryPrimitives.ReadInt32LittleEndian(greeting.AsSpan(SecretLength)));
                }
                else
                {
                    connection.Dispose(); // a stranger
                }
            }
        }
    }

    private void Connect(string host, int port, byte[] greeting)
    {
        var connection = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            connection.ConnectAsync(host, port, patience.Token).AsTask().GetAwaiter().GetResult();
            connection.Send(greeting);
            if (Receive(connection, new byte[1]).GetAwaiter().GetResult()) // an answer, which also compiles the way that bad news takes
            {
                Keep(connection, rank: 0);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            connection.Dispose();
        }
    }

    private void Keep(Socket connection, int rank)
    {
        connection.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        connection.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 5);
        connection.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 2);
        connection.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        lock (_connections)
        {
            _connections.Add(connection);
        }

        _ = Watch(connection, rank);
    }

    private async Task Watch(Socket connection, int rank)
    {
        if (!await Receive(connection, new byte[1]).ConfigureAwait(false) && !_ended)
        {
            _gone(rank);
        }
    }

    /// <summary>Fills the buffer; false when the connection ends before.</summary>
    private static async Task<bool> Receive(Socket connection, byte[] buffer)
    {
        try
        {
            for (int filled = 0; filled < buffer.Length;)
            {
                int received = await connection.ReceiveAsync(buffer.AsMemory(filled)).ConfigureAwait(false);
                if (received == 0)
                {
                    return false;
                }

                filled += received;
            }

            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
