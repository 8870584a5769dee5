using Hypersphere.Cli.Display;
using Hypersphere.Training;

namespace Commands;

public class ProgressTextTests
{
    private static readonly TrainingProgress Usual = new(402, 468, 1, 1, 0.8134, 0.0512f, 26.43, 1180.4, EndOfEpoch: false);

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(79)]
    [InlineData(119)]
    public void LineFitsItsWidth(int width)
    {
        (string before, int bar, string after) = ProgressText.Fit(Usual, 128, width);
        Assert.InRange(before.Length + bar + after.Length, 0, width);
        Assert.InRange(bar, width < 50 ? 0 : 10, 40);
        Assert.Contains("0:07 left", after, StringComparison.Ordinal);
    }

    [Fact]
    public void WideLineShowsEverything()
    {
        (string before, int bar, string after) = ProgressText.Fit(Usual, 128, 119);
        Assert.Equal("epoch 1/1 |39|  85 %  1,180 img/s  loss 0.813  lr 0.0512  own angle 26.4°  0:07 left", $"{before}|{bar}|{after}");
    }

    [Fact]
    public void NarrowLineLeavesOutTheLearningRateFirst()
    {
        string after = ProgressText.Fit(Usual, 128, 79).After;
        Assert.DoesNotContain("lr", after, StringComparison.Ordinal);
        Assert.Contains("own angle", after, StringComparison.Ordinal);
    }

    [Fact]
    public void LossWithoutPrototypesShowsNoAngle() =>
        Assert.DoesNotContain("angle", ProgressText.Line(Usual with { OwnAngle = null }, 128), StringComparison.Ordinal);

    [Theory]
    [InlineData(9, "0:09")]
    [InlineData(754, "12:34")]
    [InlineData(3723, "1:02:03")]
    public void ClockIsReadable(int seconds, string text) => Assert.Equal(text, ProgressText.Clock(TimeSpan.FromSeconds(seconds)));
}
