using Hypersphere.Data;

namespace Hypersphere.Tests.Data;

public sealed class PreprocessingTests
{
    [Theory]
    [InlineData("rgb(mean=127, std=128)", 3)]
    [InlineData("bgr(mean=104 117 123, std=1)", 3)]
    [InlineData("grey(mean=127.5, std=127.5)", 1)]
    public void Its_text_can_be_read_back(string text, int channels) =>
        Assert.Equal(text, Preprocessing.Parse(text, channels).ToString());

    [Fact]
    public void What_is_left_out_is_as_usual()
    {
        Assert.Equal(Preprocessing.Usual(3), Preprocessing.Parse("rgb", 3));
        Assert.Equal(Preprocessing.Usual(1), Preprocessing.Parse("RGB or grey, (x - 127.5) / 127.5, channels last", 1));
        Assert.NotEqual(Preprocessing.Usual(3), Preprocessing.Parse("bgr", 3));
    }

    [Theory]
    [InlineData("hsv", 3, "is no preprocessing")]
    [InlineData("1", 3, "is no preprocessing")]
    [InlineData("rgb(gamma=2)", 3, "is no preprocessing")]
    [InlineData("rgb(mean=x)", 3, "mean must be a number")]
    [InlineData("rgb(mean=1 2)", 3, "does not suit images of 3 channels")]
    [InlineData("rgb(std=0)", 3, "std above 0")]
    [InlineData("rgb", 1, "does not suit images of 1 channel;")]
    [InlineData("grey", 3, "does not suit images of 3 channels")]
    public void What_makes_no_sense_is_told(string text, int channels, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Preprocessing.Parse(text, channels)).Message, StringComparison.Ordinal);
}
