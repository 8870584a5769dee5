using Hypersphere.Evaluation;
using Hypersphere.Oracles;

namespace Hypersphere.Tests.Evaluation;

public sealed class CalibrationTests
{
    [Theory]
    [InlineData(0.001)]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Its_threshold_keeps_the_rate_and_is_nearly_the_lowest_that_does(double far)
    {
        (double[] scores, bool[] same) = Scores();
        double threshold = Of(scores, same).ThresholdAt(far);
        double Rate(double t) => scores.Where((s, i) => !same[i] && s >= t).Count() / 2000.0;
        Assert.InRange(Rate(threshold), 0, far);
        Assert.InRange(Rate(threshold), far - Math.Max(0.003, far * 0.03), far);
    }

    [Fact]
    public void It_survives_its_file()
    {
        (double[] scores, bool[] same) = Scores();
        Calibration made = Of(scores, same);
        string path = Path.GetTempFileName();
        made.Save(path);
        Calibration read = Calibration.Load(path);
        File.Delete(path);
        Assert.Equal((true, "abc"), (read.Mirror, read.Model));
        Assert.Equal(2000, read.Impostors);
        Assert.Equal(made.ThresholdAt(0.01), read.ThresholdAt(0.01));
        Assert.Equal(made.TarAt(0.3), read.TarAt(0.3));
    }

    [Fact]
    public void A_rate_that_so_few_pairs_cannot_tell_is_refused()
    {
        (double[] scores, bool[] same) = Scores();
        Assert.Contains("cannot be told from 2000 impostor pairs", Assert.Throws<InputException>(() => Of(scores, same).ThresholdAt(1e-4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_impostor_passes_where_none_may()
    {
        double[] scores = [0.9, 0.9, 0.5, 0.1];
        bool[] same = [false, true, true, false];
        Assert.True(Of(scores, same).ThresholdAt(0.5) <= 0.9);
        Assert.True(Of([0.9, 0.9, 0.95], [false, false, true]).ThresholdAt(0.6) > 0.9);
    }

    [Fact]
    public void Damaged_files_are_told_and_cost_little()
    {
        (double[] scores, bool[] same) = Scores();
        string path = Path.GetTempFileName();
        Of(scores[..40], same[..40]).Save(path);
        byte[] sound = File.ReadAllBytes(path);
        File.Delete(path);
        Fuzzing.Run("calibration", [sound], bytes => Calibration.Parse(bytes, Fuzzing.FileName));
    }

    private static Calibration Of(double[] scores, bool[] same) => Calibration.Of(RocCurve.FromScores(scores, same), mirror: true, "abc");

    private static (double[] Scores, bool[] Same) Scores()
    {
        Rng random = new(7);
        bool[] same = [.. Enumerable.Range(0, 4000).Select(i => i % 2 == 0)];
        return ([.. same.Select(s => Math.Clamp((s ? 0.6 : 0.1) + (0.15 * random.NextGaussian()), -1, 1))], same);
    }
}
