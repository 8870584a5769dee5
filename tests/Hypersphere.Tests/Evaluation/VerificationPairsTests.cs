using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public class VerificationPairsTests
{
    private static readonly int[] _labels = [.. Enumerable.Range(0, 200).Select(i => i % 7 == 6 ? -1 : i % 10)];

    [Fact]
    public void Balanced_pairs_are_distinct_true_to_the_labels_and_alternate()
    {
        VerificationPairs pairs = VerificationPairs.Balanced(_labels, 600, new Rng(1));
        Assert.Equal(600, pairs.Count);
        HashSet<(int, int)> seen = [];
        for (int p = 0; p < pairs.Count; p++)
        {
            (int i, int j) = (pairs.First[p], pairs.Second[p]);
            Assert.True(i < j && seen.Add((i, j)));
            Assert.True(_labels[i] >= 0 && _labels[j] >= 0);
            Assert.Equal(_labels[i] == _labels[j], pairs.Same[p]);
            Assert.Equal(p % 2 == 0, pairs.Same[p]);
        }
    }

    [Fact]
    public void Seeded()
    {
        VerificationPairs a = VerificationPairs.Balanced(_labels, 200, new Rng(1));
        VerificationPairs b = VerificationPairs.Balanced(_labels, 200, new Rng(1));
        VerificationPairs c = VerificationPairs.Balanced(_labels, 200, new Rng(2));
        Assert.Equal(a.First, b.First);
        Assert.Equal(a.Second, b.Second);
        Assert.NotEqual(a.First, c.First);
    }

    [Fact]
    public void Every_genuine_pair_is_as_likely()
    {
        // classes of 2 and 3 samples with lone ones between and after: 1 + 3 genuine pairs, so each falls on a quarter of single draws
        int[] labels = [0, 0, 1, 2, 3, 3, 3, .. Enumerable.Range(4, 100)];
        Dictionary<(int, int), int> counts = [];
        for (ulong seed = 0; seed < 4000; seed++)
        {
            VerificationPairs pairs = VerificationPairs.Balanced(labels, 2, new Rng(seed));
            (int, int) pair = (pairs.First[0], pairs.Second[0]);
            counts[pair] = counts.GetValueOrDefault(pair) + 1;
        }

        Assert.Equal(4, counts.Count);
        Assert.All(counts.Values, n => Assert.InRange(n, 880, 1120));
    }

    [Fact]
    public void All_pairs_can_be_asked_for_but_no_more()
    {
        VerificationPairs pairs = VerificationPairs.Balanced([0, 0, 0, 1], 6, new Rng(0));
        Assert.Equal(3, pairs.Same.Count(s => s));
        var few = Assert.Throws<InputException>(() => VerificationPairs.Balanced([0, 0, 0, 1], 8, new Rng(0)));
        Assert.Contains("3 distinct genuine pairs and 4 are asked for", few.Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => VerificationPairs.Balanced([0, 0, 0], 2, new Rng(0)));
        Assert.Throws<InputException>(() => VerificationPairs.Balanced([], 2, new Rng(0)));
        Assert.Throws<InputException>(() => VerificationPairs.Balanced([0, 0, 1], 3, new Rng(0)));
    }

    [Theory]
    [InlineData("0\t1\t1\n0\t2\n", "line 2")]
    [InlineData("0\t1\t2\n", "line 1")]
    [InlineData("0\t3\t1\n", "'3' is not a row; there are 3 samples")]
    [InlineData("0\t-1\t1\n", "'-1'")]
    [InlineData("0 1 2 1 1\n", "has 5 columns")]
    [InlineData("", "holds no pairs")]
    public void Malformed_files_name_the_line(string text, string expected)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        var error = Assert.Throws<InputException>(() => VerificationPairs.Read(path, 3));
        File.Delete(path);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Reads_what_it_should()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "0\t1\t1\n2\t0\t0\n");
        VerificationPairs pairs = VerificationPairs.Read(path, 3);
        File.Delete(path);
        Assert.Equal([0, 2], pairs.First);
        Assert.Equal([1, 0], pairs.Second);
        Assert.Equal([true, false], pairs.Same);
        Assert.Throws<InputException>(() => VerificationPairs.Read(path, 3));
    }

    [Theory]
    [InlineData("10\t300\nAnn\t1\t2\nAnn\t2\tBob\t1\n")]
    [InlineData("Ann/Ann_0001.jpg Ann/Ann_0002.jpg 1\n\nAnn/Ann_0002.png Bob/Bob_0001 0\n")]
    [InlineData("Ann/Ann_0001,Ann/Ann_0002,1\nAnn\\Ann_0002,Bob/Bob_0001,0\n")]
    [InlineData("1 2 1\n2,3,0\n")]
    public void Names_and_rows_mean_the_same(string text)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        VerificationPairs pairs = VerificationPairs.Read(path, ["Al/Al_0001.jpg", "Ann/Ann_0001.jpg", "Ann/Ann_0002.jpg", "Bob/Bob_0001.jpg"]);
        File.Delete(path);
        Assert.Equal([1, 2], pairs.First);
        Assert.Equal([2, 3], pairs.Second);
        Assert.Equal([true, false], pairs.Same);
        (int[] samples, VerificationPairs compact) = pairs.Compact();
        Assert.Equal([1, 2, 3], samples);
        Assert.Equal([0, 1], compact.First);
        Assert.Equal([1, 2], compact.Second);
    }

    [Theory]
    [InlineData("Ann 1 3\n", "'Ann/Ann_0003' is not among the 1 images")]
    [InlineData("Ann 1 x\n", "'x' is no number")]
    public void A_name_that_is_not_there_is_told(string text, string expected)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        var error = Assert.Throws<InputException>(() => VerificationPairs.Read(path, ["Ann/Ann_0001.jpg"]));
        File.Delete(path);
        Assert.Contains("line 1", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_the_reference_pairs_of_fashion_mnist()
    {
        if (Oracles.GoldenFolder.Path is not { } golden
            || Path.Combine(golden, "..", "data", "fashion-mnist-pairs.tsv") is not { } path || !File.Exists(path))
        {
            return;
        }

        VerificationPairs pairs = VerificationPairs.Read(path, 10_000);
        Assert.Equal(6000, pairs.Count);
        Assert.All(pairs.Same.Chunk(600), fold => Assert.Equal(300, fold.Count(s => s)));
        Assert.Throws<InputException>(() => VerificationPairs.Read(path, 5_000));
    }
}
