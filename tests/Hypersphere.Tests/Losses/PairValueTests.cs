namespace Hypersphere.Tests.Losses;

/// <summary>Pair losses by hand: (1, 0) and (0.6, 0.8) of one class, (0, 1) of another; cosines 0.6, 0 and 0.8.</summary>
public sealed class PairValueTests
{
    private static readonly float[] _x = [1, 0, 0.6f, 0.8f, 0, 1];

    /// <summary>NT-Xent: ½(log(1 + e^−1.2) + log(1 + e^0.4)). Circle of anchors: logits 0.39 of the positive, −0.25 and 2.31 of the
    /// negatives. Lifted: J = log(e^{1−√2} + e^{1−√0.4}) + √0.8. Histogram with nodes −1, 0, 1: h⁺ = (0, 0.4, 0.6), h⁻ = (0, 0.6,
    /// 0.4).</summary>
    [Theory]
    [InlineData("ntxent(temperature=0.5)", 0.5881488599)]
    [InlineData("circle(margin=0.25, gamma=4)", 1.765319372)]
    [InlineData("circle(margin=0.25, gamma=4, scope=batch)", 2.834976819)]
    [InlineData("lifted-structure", 1.342772862)]
    [InlineData("histogram(bins=2)", 0.64)]
    [InlineData("contrastive(distance=cosine, positive_margin=1, negative_margin=0.5)", 0.4 + 0.3)]
    public void The_value_is_that_of_the_equation(string spec, double expected) =>
        Assert.Equal(expected, PairRun.Of(spec, _x, [0, 0, 1]).Loss, 2e-6);

    [Theory]
    [InlineData("triplet(margin=0.2)")]
    [InlineData("triplet(margin=0.2, smooth=true)")]
    [InlineData("triplet(margin=0.4, reduction=mean)")]
    [InlineData("triplet(margin=0.2, distance=cosine, reduction=threshold(low=-1, high=0.3))")]
    public void All_triplets_are_those_that_could_be_given_one_by_one(string spec)
    {
        float[] x = LossRun.Gaussian(60, "x");
        int[] labels = [0, 1, 2, 0, 1, 2, 0, 3, 3, 0];
        PairRun all = PairRun.Of(spec, x, labels), given = PairRun.OverEveryTriplet(spec, x, labels);
        Assert.Equal(given.Loss, all.Loss, 1e-6f);
        Assert.All(given.Gradient.Zip(all.Gradient), g => Assert.Equal(g.First, g.Second, 1e-6f));
    }
}
