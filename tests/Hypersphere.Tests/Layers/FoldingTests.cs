using Hypersphere.Backbones;
using Hypersphere.Layers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Layers;

public sealed class FoldingTests
{
    private const int Side = 32;

    [Theory]
    [InlineData("small-cnn(embedding=9, width=8)", 0)]
    [InlineData("iresnet(blocks=1 2, width=8, embedding=7)", 4)]
    [InlineData("iresnet18(width=8, embedding=8)", 9)]
    [InlineData("mobilefacenet(width=8, embedding=12)", 0)]
    public void A_folded_network_computes_the_same_with_fewer_norms(string spec, int norms)
    {
        Backbone network = Registry<Backbone>.Create(spec, new BackboneContext(Side, Side, 3, new Rng(3)));
        Disturb(network);
        Layer folded = Folding.Apply(NetworkGraph.Trace(network, new Shape(1, Side, Side, 3)));
        network.SetTraining(false);
        using Scope scope = Scope.Begin();
        Rng random = new(2);
        float[] pixels = [.. Enumerable.Range(0, 5 * Side * Side * 3).Select(_ => random.Uniform(-1, 1))];
        Tensor images = Tensor.From(pixels, new Shape(5, Side, Side, 3));
        float[] expected = network.Forward(images).ToArray(), actual = folded.Forward(images).ToArray();
        float largest = expected.Max(MathF.Abs);
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 2e-5f * largest));
        Assert.Equal(norms, NetworkGraph.Trace(folded, new Shape(1, Side, Side, 3)).Nodes.Count(n => n.Module is BatchNorm));
    }

    [Fact]
    public void A_batch_in_slices_gives_each_image_the_bits_that_a_slice_gives_it()
    {
        Backbone network = Registry<Backbone>.Create("mobilefacenet(width=8, embedding=12)", new BackboneContext(64, 64, 3, new Rng(3)));
        Disturb(network);
        Layer folded = Folding.Apply(NetworkGraph.Trace(network, new Shape(1, 64, 64, 3)));
        using Scope scope = Scope.Begin();
        Rng random = new(2);
        float[] pixels = [.. Enumerable.Range(0, 7 * 64 * 64 * 3).Select(_ => random.Uniform(-1, 1))];
        int image = pixels.Length / 7;
        float[] all = folded.Forward(Tensor.From(pixels, new Shape(7, 64, 64, 3))).ToArray();
        (int From, int To)[] slices = [(0, 2), (2, 4), (4, 7)];
        float[] expected = [.. slices.SelectMany(s =>
            folded.Forward(Tensor.From(pixels.AsSpan(s.From * image, (s.To - s.From) * image), new Shape(s.To - s.From, 64, 64, 3))).ToArray())];
        Assert.IsType<InSlices>(folded);
        Assert.Equal(expected, all);
    }

    [Fact]
    public void A_value_that_others_need_too_stays_as_it_is()
    {
        Conv2d first = new(3, 4, 1, new Rng(1));
        Sequential network = new(first, new Residual(new BatchNorm2d(4)));
        Layer folded = Folding.Apply(NetworkGraph.Trace(network, new Shape(1, 5, 5, 3)));
        Assert.Contains(NetworkGraph.Trace(folded, new Shape(1, 5, 5, 3)).Nodes, n => n.Module is BatchNorm);
    }

    private static void Disturb(Backbone network)
    {
        Rng random = new(5);
        foreach (NamedBuffer b in network.Buffers())
        {
            foreach (ref float v in b.Value.Span)
            {
                v = b.Name.EndsWith("var", StringComparison.Ordinal) ? random.Uniform(0.5f, 2) : random.Uniform(-0.3f, 0.3f);
            }
        }

        foreach (NamedParameter p in network.Parameters().Where(p => p.Parameter.Kind == ParameterKind.Vector))
        {
            foreach (ref float v in p.Parameter.Value.Span)
            {
                v += random.Uniform(-0.2f, 0.2f);
            }
        }
    }
}
