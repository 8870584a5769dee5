namespace Hypersphere.Cli;

/// <summary>Finds what was probably meant.</summary>
internal static class Suggestion
{
    /// <summary>“; did you mean X?”, or nothing when no known word is near.</summary>
    public static string For(string word, IEnumerable<string> known)
    {
        string? nearest = known.Where(k => k.StartsWith(word, StringComparison.Ordinal)).Concat(known).MinBy(k => Distance(word, k));
        return nearest is not null && (Distance(word, nearest) <= Math.Max(2, word.Length / 3) || nearest.StartsWith(word, StringComparison.Ordinal))
            ? $"; did you mean {nearest}?" : "";
    }

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], cost);
            }
        }

        return row[^1];
    }
}
