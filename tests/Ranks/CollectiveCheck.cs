using Hypersphere.Collectives;
using Hypersphere.Distributed;

namespace Hypersphere.Ranks;

/// <summary>Every operation of MPI's collective against what it must give, at lengths from nothing to several pieces.</summary>
internal static class CollectiveCheck
{
    private static readonly int[] Lengths = [0, 1, 3, 1000, 40_000, 5_000_001];

    public static int Run()
    {
        using var ranks = new OrderedCollective(MpiCollective.Join());
        foreach (int length in Lengths)
        {
            AllReduce(ranks, length);
            ranks.Post(all => AllReduce(all, length));
            Gather(ranks, length);
            Pass(ranks, length);
        }

        ranks.Barrier();
        if (ranks.Rank == 0)
        {
            Console.WriteLine($"ok: {ranks.Size} ranks");
        }

        return 0;
    }

    private static float Value(int rank, int i) => (((uint)i * 2654435761u >> 8) - 8e6f) * (1 + (rank * 0.37f));

    private static float[] Version(int rank, int length)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = Value(rank, i);
        }

        return values;
    }

    private static void AllReduce(ICollective ranks, int length)
    {
        float[] sum = Version(ranks.Rank, length), largest = Version(ranks.Rank, length);
        ranks.AllReduceSum(sum.AsSpan());
        ranks.AllReduceMax(largest.AsSpan());
        for (int i = 0; i < length; i++)
        {
            (float expected, float max) = (Value(0, i), Value(0, i));
            for (int rank = 1; rank < ranks.Size; rank++)
            {
                (expected, max) = (expected + Value(rank, i), Math.Max(max, Value(rank, i)));
            }

            Require(sum[i] == expected && largest[i] == max, $"sum or maximum at {i} of {length}");
        }
    }

    private static void Gather(OrderedCollective ranks, int length)
    {
        Shares shares = new(length, ranks.Size);
        float[] values = Version(ranks.Rank, length);
        ranks.ReduceScatter(values.AsSpan(), shares);
        ranks.AllGather(values.AsSpan(), shares);
        float[] sum = Version(ranks.Rank, length);
        ranks.AllReduceSum(sum.AsSpan());
        Require(values.AsSpan().SequenceEqual(sum), $"shares of {length}");
    }

    private static void Pass(OrderedCollective ranks, int length)
    {
        int last = ranks.Size - 1;
        float[] values = Version(ranks.Rank, length);
        ranks.Broadcast(values.AsSpan(), last);
        Require(values.AsSpan().SequenceEqual(Version(last, length)), $"broadcast of {length}");
        if (last > 0 && ranks.Rank == last)
        {
            ranks.Send<float>(Version(7, length), to: 0);
        }
        else if (last > 0 && ranks.Rank == 0)
        {
            ranks.Receive(values.AsSpan(), from: last);
            Require(values.AsSpan().SequenceEqual(Version(7, length)), $"message of {length}");
        }
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"wrong: {what}");
        }
    }
}
