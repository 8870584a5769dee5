namespace Hypersphere.Conformance.Tests;

/// <summary>What a miner chose, whatever its order: triplets (a, p, n), or positive pairs (a1, p) and negative pairs (a2, n).</summary>
internal static class TupleSet
{
    /// <param name="got">Arrays of indices.</param>
    /// <param name="want">Arrays of indices.</param>
    /// <param name="unordered">Whether (i, j) and (j, i) are the same pair; then the numbers of pairs must agree, too.</param>
    public static bool AreSame(Arrays want, Arrays got, bool unordered) =>
        Of(want, unordered).SequenceEqual(Of(got, unordered));

    private static IEnumerable<(int Kind, long, long, long)> Of(Arrays arrays, bool unordered)
    {
        (int Kind, long, long, long)[] all = arrays.ContainsKey("a")
            ? [.. Indices("a").Zip(Indices("p"), Indices("n")).Select(t => (0, t.First, t.Second, t.Third))]
            : [.. Pairs(1, "a1", "p"), .. Pairs(2, "a2", "n")];
        return all.Distinct().Order().Concat(unordered ? all.CountBy(t => t.Kind).Select(c => (-c.Key, (long)c.Value, 0L, 0L)) : []);

        long[] Indices(string name) => arrays[name].Values<long>();
        IEnumerable<(int, long, long, long)> Pairs(int kind, string anchors, string others) => Indices(anchors).Zip(
            Indices(others), (a, b) => unordered ? (kind, Math.Min(a, b), Math.Max(a, b), 0L) : (kind, a, b, 0L));
    }
}
