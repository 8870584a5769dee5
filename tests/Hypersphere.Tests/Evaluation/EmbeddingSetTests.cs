using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public class EmbeddingSetTests
{
    [Fact]
    public void Normalized_rows_have_norm_one_and_zero_rows_stay()
    {
        EmbeddingSet set = new EmbeddingSet([3, 4, 0, 0, -1e20f, 1e20f], 2, [0, 1, 2]).Normalized();
        Assert.Equal([0.6f, 0.8f, 0, 0, -MathF.Sqrt(0.5f), MathF.Sqrt(0.5f)], set.Values);
        Assert.Equal(0, set.Cosine(0, 1));
        Assert.Equal(1, set.Cosine(2, 2), 7);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Values_that_are_not_finite_are_named(float value)
    {
        var error = Assert.Throws<InputException>(() => new EmbeddingSet([1, 2, 3, value], 2, [0, 1], ["a.png", "b.png"]));
        Assert.Contains("row 1 (b.png)", error.Message, StringComparison.Ordinal);
        Assert.Contains("dimension 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lengths_must_agree()
    {
        Assert.Throws<InputException>(() => new EmbeddingSet([1, 2, 3], 2, [0, 1]));
        Assert.Throws<InputException>(() => new EmbeddingSet([1, 2], 0, [0, 1]));
        Assert.Throws<InputException>(() => new EmbeddingSet([1, 2], 1, [0, 1], ["one"]));
    }
}
