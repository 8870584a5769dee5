using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public sealed class AlikeIdentitiesTests
{
    [Fact]
    public void Identities_are_compared_by_their_mean_directions()
    {
        EmbeddingSet first = new([9, 0, 0, 1, -1, 0, 5, 5], 2, [0, 0, 1, -1]), second = new([3, 3, 0, -2], 2, [0, 1]);
        IReadOnlyList<AlikeIdentities> found = AlikeIdentities.Between(first, ["Ann", "Bob"], second, ["Cid", "Dan"], -0.1);
        Assert.Equal(["Ann Cid", "Bob Dan"], found.Select(f => $"{f.First} {f.Second}"));
        Assert.Equal(1, found[0].Score, 1e-6);
        Assert.Equal(0, found[1].Score, 1e-6);
        Assert.Throws<InputException>(() => AlikeIdentities.Between(first, ["Ann", "Bob"], new EmbeddingSet([1, 2, 3], 3, [0]), ["X"], 0));
    }

    [Fact]
    public void Within_a_set_each_pair_is_named_once_and_nobody_with_themselves()
    {
        Rng random = new(5);
        const int People = 1500, Size = 3;
        EmbeddingSet set = new([.. Enumerable.Range(0, People * 2 * Size).Select(_ => random.Uniform(-1, 1))], Size, [.. Enumerable.Range(0, People * 2).Select(i => i / 2)]);
        string[] names = [.. Enumerable.Range(0, People).Select(i => $"{i}")];
        EmbeddingSet unit = set.Normalized();
        double[][] centers = [.. Enumerable.Range(0, People).Select(p => Enumerable.Range(0, Size).Select(d => (double)unit.Row(2 * p)[d] + unit.Row((2 * p) + 1)[d]).ToArray())];
        double Cosine(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => x * x));
        HashSet<string> expected = [.. from a in Enumerable.Range(0, People) from b in Enumerable.Range(a + 1, People - a - 1) where Cosine(centers[a], centers[b]) > 0.9995 select $"{a} {b}"];
        IReadOnlyList<AlikeIdentities> found = AlikeIdentities.Within(set, names, 0.9995);
        Assert.True(expected.SetEquals(found.Select(f => $"{f.First} {f.Second}")));
        Assert.Equal(found.Select(f => f.Score).OrderDescending(), found.Select(f => f.Score));
        Assert.True(found.Count > 100);
    }
}
