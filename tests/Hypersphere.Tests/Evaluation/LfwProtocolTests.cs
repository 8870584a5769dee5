using System.Text.Json;
using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public sealed class LfwProtocolTests
{
    /// <summary>On a circle: genuine pairs 10° apart, impostors 60°, so that every rule but a coarse one separates them.</summary>
    [Fact]
    public void What_can_be_told_apart_is_told_apart_by_every_rule()
    {
        LfwProtocol result = LfwProtocol.Evaluate(Circle(20), Pairs(20), resamples: 50);
        Assert.All(result.Variants, v => Assert.Equal(1, v.Accuracy.Mean));
        Assert.Equal(["insightface", "exact", "cosine grid", "angle grid", "one threshold"], result.Variants.Select(v => v.Name));
        Assert.Equal([0.1], result.TarAtFar.Select(t => t.Far));
    }

    [Fact]
    public void Each_rule_is_what_a_plain_loop_over_its_thresholds_finds()
    {
        Rng random = new(5);
        (int people, float[] values) = (300, new float[600 * 8]);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextGaussian();
        }

        for (int i = 0; i < people * 8; i++)
        {
            values[(people * 8) + i] += 0.9f * values[i];
        }

        EmbeddingSet set = new(values, 8, [.. Enumerable.Range(0, 600).Select(i => i % people)]);
        VerificationPairs pairs = new(
            [.. Enumerable.Range(0, people)], [.. Enumerable.Range(0, people).Select(i => people + (i % 2 == 0 ? i : (i + 7) % people))],
            [.. Enumerable.Range(0, people).Select(i => i % 2 == 0)]);
        LfwProtocol result = LfwProtocol.Evaluate(set, pairs, resamples: 20);
        double[] scores = result.Verification.Scores;
        Check(result, "insightface", scores, pairs.Same, Enumerable.Range(0, 400).Select(i => i * 0.01), (s, t) => 2 - (2 * s) < t);
        Check(result, "cosine grid", scores, pairs.Same, Enumerable.Range(0, 400).Select(i => -1 + (i * 0.005)), (s, t) => s > t);
        Check(result, "angle grid", scores, pairs.Same, Enumerable.Range(0, 400).Select(i => i * 0.01), (s, t) => Math.Acos(s) / Math.PI < t);
        double best = scores.Append(2).Max(t => scores.Zip(pairs.Same).Average(p => p.First >= t == p.Second ? 1.0 : 0));
        Assert.Equal(best, result.Variants.Single(v => v.Name == "one threshold").Accuracy.Mean, 1e-12);
    }

    [Fact]
    public void Its_json_holds_the_numbers()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            LfwProtocol.Evaluate(Circle(20), Pairs(20), resamples: 50).WriteTo(json);
            json.WriteEndObject();
        }

        JsonElement root = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal(1, root.GetProperty("accuracy_mean").GetDouble());
        Assert.Equal(0, root.GetProperty("accuracy_std").GetDouble());
        Assert.Equal(1, root.GetProperty("auc").GetDouble());
        Assert.Equal(1, root.GetProperty("tar_at_far").GetProperty("1e-1").GetDouble());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(0)]
    public void Too_few_pairs_are_told(int pairs) =>
        Assert.Contains("needs both kinds and at least 10 pairs", Assert.Throws<InputException>(() => LfwProtocol.Evaluate(Circle(20), Pairs(pairs))).Message, StringComparison.Ordinal);

    private static void Check(LfwProtocol result, string name, double[] scores, bool[] same, IEnumerable<double> grid, Func<double, double, bool> accepts)
    {
        double[] folds = new double[10];
        int size = scores.Length / 10;
        for (int f = 0; f < 10; f++)
        {
            bool Inside(int i) => i / size == f;
            double best = grid.MaxBy(t => Enumerable.Range(0, scores.Length).Count(i => !Inside(i) && accepts(scores[i], t) == same[i]));
            folds[f] = Enumerable.Range(f * size, size).Average(i => accepts(scores[i], best) == same[i] ? 1.0 : 0);
        }

        Assert.Equal(folds, result.Variants.Single(v => v.Name == name).Accuracy.Folds, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    private static EmbeddingSet Circle(int people)
    {
        double[] angles = [.. Enumerable.Range(0, people).SelectMany(i => new[] { 0.0, i % 2 == 0 ? 10 : 60 })];
        return new EmbeddingSet([.. angles.SelectMany(a => new[] { (float)Math.Cos(a * Math.PI / 180), (float)Math.Sin(a * Math.PI / 180) })], 2, new int[2 * people]);
    }

    private static VerificationPairs Pairs(int count) => new(
        [.. Enumerable.Range(0, count).Select(i => 2 * i)], [.. Enumerable.Range(0, count).Select(i => (2 * i) + 1)], [.. Enumerable.Range(0, count).Select(i => i % 2 == 0)]);
}
