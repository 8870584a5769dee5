using Hypersphere.Backbones;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Backbones;

public sealed class IResNetTests
{
    /// <summary>Counts of arcface_torch's networks, without the fixed scale of the last batch norm, which is no parameter here.</summary>
    [Theory]
    [InlineData("iresnet18", 24_025_088)]
    [InlineData("iresnet34", 34_138_816)]
    [InlineData("iresnet50", 43_590_336)]
    [InlineData("iresnet100", 65_155_648)]
    [InlineData("iresnet", 645_168)]
    public void It_has_as_many_parameters_as_published(string spec, long parameters) =>
        Assert.Equal(parameters, Create(spec, 112, 112, 3).ParameterCount());

    [Fact]
    public void Parameters_are_named_as_in_published_checkpoints()
    {
        string[] names = [.. Create("iresnet18", 112, 112, 3).Parameters().Select(p => p.Name)];
        Assert.Equal(["conv1.weight", "bn1.weight", "bn1.bias", "prelu.weight", "layer1.0.bn1.weight", "layer1.0.bn1.bias", "layer1.0.conv1.weight"], names[..7]);
        Assert.Contains("layer2.0.downsample.0.weight", names);
        Assert.Contains("layer2.0.downsample.1.bias", names);
        Assert.DoesNotContain("layer2.1.downsample.0.weight", names);
        Assert.Equal(["bn2.weight", "bn2.bias", "fc.weight", "fc.bias", "features.bias"], names[^5..]);
    }

    [Theory]
    [InlineData(112, 112)]
    [InlineData(33, 17)]
    [InlineData(1, 1)]
    public void It_takes_images_of_any_size(int height, int width)
    {
        Backbone network = Create("iresnet(blocks=1 2, width=4, embedding=6)", height, width, 1);
        using Scope scope = Scope.Begin();
        Assert.Equal(new Shape(2, 6), network.Forward(Tensor.Zeros(new Shape(2, height, width, 1))).Shape);
        Assert.Equal("iresnet(blocks=1 2, embedding=6, width=4, stem_stride=2, dropout=0.4)", network.ToString());
    }

    [Theory]
    [InlineData("iresnet(blocks=0)")]
    [InlineData("iresnet(blocks=1.5 2)")]
    [InlineData("iresnet(blocks=1 1 1 1 1 1 1 1 1)")]
    public void Blocks_that_make_no_network_are_told(string spec) =>
        Assert.Contains("whole numbers", Assert.Throws<InputException>(() => Create(spec, 8, 8, 1)).Message, StringComparison.Ordinal);

    private static Backbone Create(string spec, int height, int width, int channels) =>
        Registry<Backbone>.Create(spec, new BackboneContext(height, width, channels, new Rng(1)));
}
