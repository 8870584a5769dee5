using Hypersphere.Evaluation;
using Hypersphere.Oracles;

namespace Hypersphere.Tests.Evaluation;

public class RocCurveTests
{
    [Theory]
    [InlineData(2, 0)]
    [InlineData(50, 0)]
    [InlineData(211, 0)]
    [InlineData(211, 4)]
    public void Agrees_with_the_definitions(int count, int levels)
    {
        (double[] scores, bool[] same) = TestSets.Pairs(count, (ulong)count, levels);
        (same[0], same[1]) = (true, false);
        RocCurve curve = RocCurve.FromScores(scores, same);
        Assert.Equal(EvaluationOracle.Auc(scores, same), curve.Auc!.Value, 12);
        foreach (double far in new[] { 0.3, 0.1, 0.05 })
        {
            double? tar = curve.TarAt(far).Tar;
            Assert.Equal(far * curve.Impostors >= 1, tar.HasValue);
            Assert.Equal(EvaluationOracle.TarAtFar(scores, same, far), tar ?? EvaluationOracle.TarAtFar(scores, same, far), 12);
        }
    }

    [Fact]
    public void Four_pairs_by_hand()
    {
        RocCurve curve = RocCurve.FromScores([0.9, 0.8, 0.8, 0.1], [true, true, false, false]);
        Assert.Equal([double.PositiveInfinity, 0.9, 0.8, 0.1], curve.Thresholds);
        Assert.Equal([0, 0, 0.5, 1], curve.Far);
        Assert.Equal([0, 0.5, 1, 1], curve.Tar);
        Assert.Equal(3.5 / 4, curve.Auc);
        Assert.Equal(0.25, curve.Eer!.Value, 12);      // halfway between (0, .5) and (.5, 1)
        Assert.Equal((0.5 * 1) + (0.5 * 2 / 3), curve.AveragePrecision!.Value, 12);
        Assert.Equal(new TarAtFar(0.5, 1, 0.5, 0.8), curve.TarAt(0.5));
        Assert.Equal(new TarAtFar(0.49, null, null, null), curve.TarAt(0.49));
        Assert.Equal(1, curve.TarNearest(0.25));
        Assert.Empty(curve.Det());
    }

    [Fact]
    public void Separable_equal_and_reversed()
    {
        bool[] same = [true, true, false, false];
        RocCurve apart = RocCurve.FromScores([4, 3, 2, 1], same);
        Assert.Equal((1.0, 0.0), (apart.Auc, apart.Eer));
        RocCurve equal = RocCurve.FromScores([1, 1, 1, 1], same);
        Assert.Equal((0.5, 0.5), (equal.Auc, equal.Eer));
        RocCurve reversed = RocCurve.FromScores([1, 2, 3, 4], same);
        Assert.Equal((0.0, 1.0), (reversed.Auc, reversed.Eer));
        Assert.Empty(apart.Det());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_kind_alone_has_no_curve(bool kind)
    {
        RocCurve curve = RocCurve.FromScores([0.1, 0.2], [kind, kind]);
        Assert.False(curve.IsDefined);
        Assert.Null(curve.Auc);
        Assert.Null(curve.Eer);
        Assert.Null(curve.AveragePrecision);
        Assert.Null(curve.TarAt(0.5).Tar);
        Assert.Null(curve.TarNearest(0.5));
        Assert.Equal(0, curve.Corners().Count + curve.Thinned(10).Count + curve.Det().Length);
    }

    [Fact]
    public void Monotone_transforms_change_nothing_and_negation_mirrors()
    {
        (double[] scores, bool[] same) = TestSets.Pairs(500, 9, 40);
        RocCurve curve = RocCurve.FromScores(scores, same);
        RocCurve bent = RocCurve.FromScores([.. scores.Select(s => Math.Exp(3 * s) - 5)], same);
        Assert.Equal(curve.Far, bent.Far);
        Assert.Equal(curve.Tar, bent.Tar);
        RocCurve negated = RocCurve.FromScores([.. scores.Select(s => -s)], same);
        Assert.Equal(1 - curve.Auc!.Value, negated.Auc!.Value, 12);
        RocCurve swapped = RocCurve.FromScores([.. scores.Select(s => -s)], [.. same.Select(s => !s)]);
        Assert.Equal(curve.Auc!.Value, swapped.Auc!.Value, 12);
        Assert.Equal(curve.Eer!.Value, swapped.Eer!.Value, 12);
    }

    [Fact]
    public void Drawing_needs_only_the_corners()
    {
        (double[] scores, bool[] same) = TestSets.Pairs(3000, 2);
        RocCurve curve = RocCurve.FromScores(scores, same);
        RocCurve corners = curve.Corners();
        Assert.InRange(corners.Count, 3, curve.Count - 1);
        Assert.Equal(curve.Auc!.Value, corners.Auc!.Value, 12);
        Assert.Equal(curve.Eer!.Value, corners.Eer!.Value, 12);
        RocCurve thin = curve.Thinned(50);
        Assert.InRange(thin.Count, 50, 160);
        Assert.Equal((1.0, 1.0, 0.0, 0.0), (thin.Far[^1], thin.Tar[^1], thin.Far[0], thin.Tar[0]));
        Assert.Equal(curve.Auc!.Value, thin.Auc!.Value, 2e-2);
    }

    [Fact]
    public void Det_is_the_curve_in_normal_deviates()
    {
        RocCurve curve = RocCurve.FromScores([5, 4, 3, 2, 1, 0], [true, false, true, false, true, false]);
        (double Far, double Frr)[] det = curve.Det();
        Assert.Equal(3, det.Length);       // (1/3, 1/3), (1/3, 2/3), (2/3, 2/3) of FAR, TAR
        Assert.Equal(-0.43072729929545744, det[0].Far, 12);
        Assert.Equal(0.43072729929545744, det[0].Frr, 12);
        Assert.Equal(-0.43072729929545744, det[1].Frr, 12);
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.9599639845400543)]
    [InlineData(0.01, -2.326347874040841)]
    [InlineData(0.07, -1.475791028179171)]
    [InlineData(1e-12, -7.034483825301132)]
    public void Normal_deviates(double p, double x) => Assert.Equal(x, NormalDistribution.Quantile(p), 13);
}
