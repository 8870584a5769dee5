namespace Hypersphere.Tests;

public class RngTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1000)]
    public void ManyNormalsAreTheSameAsOneByOne(int count)
    {
        Rng many = new Rng(7).Fork("row", count), single = many;
        double[] values = new double[count];
        many.FillGaussian(values);
        Assert.All(values, value =>
        {
            double expected = single.NextGaussian();
            Assert.InRange(value - expected, -1e-14 * (1 + Math.Abs(expected)), 1e-14 * (1 + Math.Abs(expected)));
        });
        Assert.Equal(single.NextBits(), many.NextBits());
    }

    [Fact]
    public void RoundedNormalsHaveTheirDeviation()
    {
        Rng many = new Rng(8), single = many;
        float[] values = new float[200_000];
        many.FillGaussian(values, 0.25);
        float[] expected = [.. values.Select(_ => (float)(0.25 * single.NextGaussian()))];
        Assert.InRange(values.Zip(expected).Count(pair => pair.First != pair.Second), 0, 1);
        Assert.InRange(values.Average(v => (double)v), -0.003, 0.003);
        Assert.InRange(values.Average(v => (double)v * v), 0.0615, 0.0635);
    }
}
