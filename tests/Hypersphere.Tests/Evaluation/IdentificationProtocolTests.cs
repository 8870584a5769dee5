using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public sealed class IdentificationProtocolTests
{
    private static readonly Gallery _gallery = new(Vectors(0, 30, 90, 200), ["a", "b", "c", "d"]);

    [Fact]
    public void Ranks_and_rates_are_as_counted_by_hand()
    {
        // a at 5° is first; b at 10° comes behind a, rank 2; c at 80° first; strangers at 50° (20° from b) and 140° (50° from c)
        EmbeddingSet probes = Vectors(5, 10, 80, 50, 140);
        IdentificationProtocol result = IdentificationProtocol.Evaluate(_gallery, probes, ["a", "b", "c", "x", "y"]);
        Assert.Equal((3, 2), (result.Mated, result.Unmated));
        Assert.Equal([(1, 2 / 3.0)], result.RankShares);
        Assert.Empty(result.TpirAtFpir);
    }

    [Fact]
    public void With_strangers_enough_the_threshold_keeps_the_rate()
    {
        // ten strangers 15°, 21°, 22° … from b's 30°: one in ten may pass, so the threshold lies just above cos 21°
        double[] strangers = [45, 51, 52, 53, 54, 55, 56, 57, 58, 59];
        EmbeddingSet probes = Vectors([2, 12, 70, .. strangers]);
        string[] names = ["a", "a", "c", .. strangers.Select((_, i) => $"s{i}")];
        IdentificationProtocol result = IdentificationProtocol.Evaluate(_gallery, probes, names);
        (double fpir, double tpir, double threshold) = Assert.Single(result.TpirAtFpir);
        Assert.Equal(0.1, fpir);
        Assert.Equal(Math.Cos(21 * Math.PI / 180), threshold, 1e-6);
        Assert.Equal(1, tpir, 1e-12); // a at 2° and 12°, c at 20° from its image: all within 21°
        IdentificationProtocol stricter = IdentificationProtocol.Evaluate(_gallery, Vectors([2, 12, 68, .. strangers]), names);
        Assert.Equal(2 / 3.0, stricter.TpirAtFpir[0].Tpir, 1e-12);
    }

    [Fact]
    public void Probes_of_strangers_only_are_told() =>
        Assert.Contains("do the names", Assert.Throws<InputException>(() => IdentificationProtocol.Evaluate(_gallery, Vectors(1, 2), ["x", "y"])).Message, StringComparison.Ordinal);

    private static EmbeddingSet Vectors(params double[] degrees) => new(
        [.. degrees.SelectMany(d => new[] { (float)Math.Cos(d * Math.PI / 180), (float)Math.Sin(d * Math.PI / 180) })], 2, [.. Enumerable.Range(0, degrees.Length)]);
}
