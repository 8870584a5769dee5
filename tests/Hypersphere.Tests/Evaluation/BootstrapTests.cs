using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public class BootstrapTests
{
    private static VerificationResult Result(int count, ulong seed)
    {
        (double[] scores, bool[] same) = TestSets.Pairs(count, seed);
        return new VerificationResult
        {
            Pairs = new VerificationPairs(new int[count], new int[count], same),
            Scores = scores,
            Accuracy = Verification.KFold(scores, same),
            Curve = RocCurve.FromScores(scores, same),
            Genuine = AngleHistogram.FromDegrees([]),
            Impostor = AngleHistogram.FromDegrees([]),
        };
    }

    [Fact]
    public void Intervals_hold_the_measure_and_are_as_wide_as_the_binomial_says()
    {
        VerificationResult result = Result(2000, 4);
        VerificationIntervals intervals = Bootstrap.Of(result, new Rng(1), [0.1], 400);
        double accuracy = result.Accuracy!.Mean;
        double width = 2 * 1.96 * Math.Sqrt(accuracy * (1 - accuracy) / 2000);
        Assert.Equal(accuracy, (intervals.Accuracy!.Value.Low + intervals.Accuracy.Value.High) / 2, width / 5);
        Assert.Equal(width, intervals.Accuracy.Value.High - intervals.Accuracy.Value.Low, width / 4);
        Assert.InRange(result.Curve.Auc!.Value, intervals.Auc!.Value.Low, intervals.Auc.Value.High);
        Assert.InRange(result.Curve.Eer!.Value, intervals.Eer!.Value.Low, intervals.Eer.Value.High);
        Assert.InRange(result.Curve.TarAt(0.1).Tar!.Value, intervals.TarAtFar[0.1]!.Value.Low, intervals.TarAtFar[0.1]!.Value.High);
    }

    [Fact]
    public void The_seed_decides()
    {
        VerificationResult result = Result(300, 5);
        VerificationIntervals first = Bootstrap.Of(result, new Rng(1), null, 50);
        Assert.Equal(first.Auc, Bootstrap.Of(result, new Rng(1), null, 50).Auc);
        Assert.NotEqual(first.Auc, Bootstrap.Of(result, new Rng(2), null, 50).Auc);
    }

    [Fact]
    public void What_is_undefined_has_no_interval()
    {
        VerificationIntervals few = Bootstrap.Of(Result(5, 1), new Rng(1), [1e-3], 10);
        Assert.Null(few.Accuracy);
        Assert.Null(few.TarAtFar[1e-3]);
        Assert.NotNull(few.Auc);
    }
}
