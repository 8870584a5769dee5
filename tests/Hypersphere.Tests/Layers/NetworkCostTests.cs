using Hypersphere.Backbones;
using Hypersphere.Layers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Layers;

public sealed class NetworkCostTests
{
    [Fact]
    public void Flops_are_two_for_each_multiply_and_add_of_every_kind_of_layer()
    {
        Rng random = new(1);
        Sequential network = new(
            new Conv2d(4, 6, 3, random, stride: 2, padding: 1, groups: 2), new BatchNorm2d(6), new PReLU(6), new DepthwiseConv2d(6, 3, random, padding: 1),
            new Flatten(), new Linear(6 * 4 * 4, 5, random));
        long dense = 2L * (4 * 4 * 6) * (2 * 3 * 3), depthwise = 2L * (4 * 4 * 6) * 9, linear = 2L * 5 * 6 * 16;
        NetworkCost cost = NetworkCost.Of(network, new Shape(1, 8, 8, 4));
        Assert.Equal((network.ParameterCount(), dense + depthwise + linear), (cost.Parameters, cost.Flops));
    }

    /// <summary>Chen et al. report 221 million multiply-adds for MobileFaceNet; arcface_torch's page 24.0 and 43.6 million parameters and 2.62 and
    /// 6.33 billion multiply-adds for r18 and r50.</summary>
    [Theory]
    [InlineData("mobilefacenet", 0.221e9, 0.01)]
    [InlineData("iresnet18", 2.62e9, 0.02)]
    [InlineData("iresnet50", 6.33e9, 0.02)]
    public void Published_counts_are_met(string network, double multiplyAdds, double tolerance)
    {
        Backbone backbone = Registry<Backbone>.Create(network, new BackboneContext(112, 112, 3, new Rng(1)));
        Assert.Equal(1, NetworkCost.Of(backbone, new Shape(1, 112, 112, 3)).Flops / 2 / multiplyAdds, tolerance);
    }
}
