using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public sealed class GalleryTests
{
    private static readonly EmbeddingSet _known = new([1, 0, 0, 2, 3, 3, -1, 0], 2, [0, 1, 1, 2], ["a1", "b1", "b2", "c1"]);
    private static readonly Gallery _gallery = new(_known, ["Ann", "Bob", "Cid"]);

    [Fact]
    public void The_best_image_of_each_identity_counts()
    {
        IReadOnlyList<IReadOnlyList<Match>> found = _gallery.Find(new EmbeddingSet([5, 1, 0, 1], 2, [0, 0]), top: 3);
        Assert.Equal(["Ann", "Bob", "Cid"], found[0].Select(m => m.Identity));
        Assert.Equal(["a1", "b2", "c1"], found[0].Select(m => m.Image));
        Assert.Equal(5 / Math.Sqrt(26), found[0][0].Score, 1e-6);
        Assert.Equal(6 / Math.Sqrt(26 * 2), found[0][1].Score, 1e-6);
        Assert.Equal(["Bob", "Ann", "Cid"], found[1].Select(m => m.Identity));
        Assert.Equal(["Ann"], _gallery.Find(new EmbeddingSet([5, 1], 2, [0]))[0].Select(m => m.Identity));
    }

    [Fact]
    public void Many_probes_and_people_are_found_as_one_by_one()
    {
        Rng random = new(1);
        float[] Values(int count) => [.. Enumerable.Range(0, count * 5).Select(_ => random.Uniform(-1, 1))];
        EmbeddingSet known = new(Values(2500), 5, [.. Enumerable.Range(0, 2500).Select(i => i % 300)]), probes = new(Values(37), 5, new int[37]);
        Gallery gallery = new(known, [.. Enumerable.Range(0, 300).Select(i => $"p{i}")]);
        IReadOnlyList<IReadOnlyList<Match>> found = gallery.Find(probes, top: 4);
        EmbeddingSet unit = known.Normalized(), unitProbes = probes.Normalized();
        for (int p = 0; p < 37; p++)
        {
            double[] best = [.. Enumerable.Range(0, 300).Select(c => Enumerable.Range(0, 2500).Where(i => i % 300 == c).Max(i =>
                Enumerable.Range(0, 5).Sum(d => (double)unit.Row(i)[d] * unitProbes.Row(p)[d])))];
            Assert.Equal(best.OrderDescending().Take(4), found[p].Select(m => m.Score), (a, b) => Math.Abs(a - b) < 1e-5);
            Assert.Equal($"p{Array.IndexOf(best, best.Max())}", found[p][0].Identity);
        }
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        Assert.Contains("both must come from one model", Assert.Throws<InputException>(() => _gallery.Find(new EmbeddingSet([1, 2, 3], 3, [0]))).Message, StringComparison.Ordinal);
        Assert.Contains("row 3 has label 2", Assert.Throws<InputException>(() => new Gallery(_known, ["Ann", "Bob"])).Message, StringComparison.Ordinal);
        Assert.Contains("nobody", Assert.Throws<InputException>(() => new Gallery(new EmbeddingSet([], 2, []), [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_may_come_from_several_threads()
    {
        string[] found = new string[64];
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => found[i] = _gallery.Find(new EmbeddingSet([i % 2, 1 - (i % 2)], 2, [0]))[0][0].Identity)));
        Assert.All(found, (name, i) => Assert.Equal(i % 2 == 1 ? "Ann" : "Bob", name));
    }
}
