using Hypersphere.Kernels.Diagnostics;

namespace Hypersphere.Kernels.Tests;

public class PeakTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void BothCeilingsAreMeasured(int threads)
    {
        Assert.True(FmaPeak.Measure(threads) > 0);
        Assert.True(TilePeak.Measure(threads) > 0);
    }

    [Fact]
    public void AThreadIsNeeded()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FmaPeak.Measure(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TilePeak.Measure(0));
    }
}
