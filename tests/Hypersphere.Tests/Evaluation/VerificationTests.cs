using Hypersphere.Evaluation;
using Hypersphere.Oracles;

namespace Hypersphere.Tests.Evaluation;

public class VerificationTests
{
    [Theory]
    [InlineData(20, 0, 10)]
    [InlineData(37, 0, 5)]
    [InlineData(103, 6, 10)]
    [InlineData(64, 2, 2)]
    public void Fold_accuracy_agrees_with_the_definition(int count, int levels, int folds)
    {
        (double[] scores, bool[] same) = TestSets.Pairs(count, (ulong)(count + folds), levels);
        Assert.Equal(EvaluationOracle.KFold(scores, same, folds), Verification.KFold(scores, same, folds)!.Folds);
    }

    [Fact]
    public void Fold_accuracy_by_hand()
    {
        // fold 1: .9+ .1-   fold 2: .8+ .85-   fold 3: .2+ .3-
        double[] scores = [0.9, 0.1, 0.8, 0.85, 0.2, 0.3];
        bool[] same = [true, false, true, false, true, false];
        FoldAccuracy result = Verification.KFold(scores, same, 3)!;

        // others of fold 1: .2+ .3- .8+ .85-: −∞ is right for 2 and the lowest of equals with (.3 + .8)/2 …
        Assert.Equal(double.NegativeInfinity, result.Thresholds[0]);
        Assert.Equal(0.5, result.Folds[0]);

        // others of fold 2: .1- .2+ .3- .9+: .15 and .6 are right for 3; the lower
        Assert.Equal(0.15, result.Thresholds[1], 12);
        Assert.Equal(0.5, result.Folds[1]);

        // others of fold 3: .1- .8+ .85- .9+: .45 is right for 3, as is .875
        Assert.Equal(0.45, result.Thresholds[2], 12);
        Assert.Equal(0.5, result.Folds[2]);
        Assert.Equal((0.5, 0), (result.Mean, result.Std));
    }

    [Fact]
    public void Separable_pairs_are_perfect_and_equal_scores_are_a_coin()
    {
        bool[] same = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0)];
        double[] apart = [.. same.Select((s, i) => (s ? 0.7 : 0.3) + (i * 0.001))];
        Assert.Equal(1, Verification.KFold(apart, same)!.Mean);
        Assert.Equal(0.5, Verification.KFold(new double[40], same)!.Mean);
        Assert.Null(Verification.KFold(apart.AsSpan(0, 9), same.AsSpan(0, 9)));
    }

    [Fact]
    public void Scores_are_cosines_and_rows_are_checked()
    {
        EmbeddingSet set = new([3, 4, 4, 3, 0, 0], 2, [0, 0, 1]);
        Assert.Equal([0.96, 0], Verification.Scores(set, new VerificationPairs([0, 2], [1, 0], [true, false])));
        var error = Assert.Throws<InputException>(() => Verification.Scores(set, new VerificationPairs([0], [3], [true])));
        Assert.Contains("pair 0 is (0, 3) but there are 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_at_the_threshold_counts_as_same()
        => Assert.Equal(1, Verification.Accuracy([0.5, 0.4], [true, false], 0.5));

    [Fact]
    public void Scores_that_are_not_numbers_are_refused()
        => Assert.Throws<InputException>(() => Verification.KFold([0.1, double.NaN], [true, false], 2));

    [Fact]
    public void Insightface_thresholds_are_strict_and_the_first_best_wins()
    {
        // squared distances on the grid itself: 0.50 is not below 0.50
        double[] distances = [0.5, 1.0, 0.5, 1.0];
        InsightFaceProtocol result = InsightFaceProtocol.EvaluateDistances(distances, [true, false, true, false], 2);
        Assert.Equal([0.51, 0.51], result.Accuracy.Thresholds.Select(t => Math.Round(t, 6)));
        Assert.Equal(1, result.Accuracy.Mean);
        Assert.Equal(0, result.Tar[50]);
        Assert.Equal(1, result.Tar[51]);
    }
}
