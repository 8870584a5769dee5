using System.Text;

namespace Hypersphere.Collectives;

/// <summary>Ranks tell one another what they have, and refuse to go on together when it differs.</summary>
public static class Agreement
{
    private const char Between = '\u001f';

    /// <summary>Compares facts of all ranks with those of rank 0; every rank comes to the same conclusion.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="facts">What must be equal, each with a name for the message; as many and in the same order on every rank of one
    /// version.</param>
    /// <exception cref="InputException">A rank has something else; the message names it, its machine and both values.</exception>
    public static void Require(ICollective ranks, params IReadOnlyList<(string What, string Value)> facts)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentNullException.ThrowIfNull(facts);
        string[][] all = [.. Gather(ranks, string.Join(Between, [ranks.Host, .. facts.SelectMany(f => new[] { f.What, f.Value })])).Select(t => t.Split(Between))];
        for (int rank = 1; rank < all.Length; rank++)
        {
            if (Difference(all[0], all[rank]) is { } difference)
            {
                throw new InputException($"rank {rank} on {all[rank][0]} does not agree with rank 0 on {all[0][0]}: {difference}; give all ranks the same.");
            }
        }
    }

    /// <summary>A text from every rank, on every rank.</summary>
    public static string[] Gather(ICollective ranks, string text)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        byte[] own = Encoding.UTF8.GetBytes(text);
        Span<int> lengths = new int[ranks.Size];
        lengths[ranks.Rank] = own.Length;
        ranks.AllGather(lengths, new(ranks.Size, ranks.Size));
        int longest = 0;
        foreach (int length in lengths)
        {
            longest = Math.Max(longest, length);
        }

        byte[] all = new byte[checked(longest * ranks.Size)];
        own.CopyTo(all, ranks.Rank * longest);
        ranks.AllGather(all.AsSpan(), new(ranks.Size, ranks.Size, longest));
        string[] texts = new string[ranks.Size];
        for (int rank = 0; rank < texts.Length; rank++)
        {
            texts[rank] = Encoding.UTF8.GetString(all, rank * longest, lengths[rank]);
        }

        return texts;
    }

    private static string? Difference(string[] first, string[] other)
    {
        for (int i = 1; i + 1 < Math.Min(first.Length, other.Length); i += 2)
        {
            if (first[i] != other[i])
            {
                return $"it asks for {Shown(other[i])} where rank 0 asks for {Shown(first[i])}";
            }

            if (first[i + 1] != other[i + 1])
            {
                return $"{first[i]} is {Shown(other[i + 1])} there and {Shown(first[i + 1])} here";
            }
        }

        return first.Length == other.Length ? null : "it has another number of options";
    }

    private static string Shown(string value) => value.Length == 0 ? "not given" : $"“{value}”";
}
