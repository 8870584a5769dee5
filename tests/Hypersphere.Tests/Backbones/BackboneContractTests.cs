using Hypersphere.Backbones;
using Hypersphere.Layers;
using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Backbones;

/// <summary>What every registered network keeps.</summary>
public sealed class BackboneContractTests
{
    public static TheoryData<string> All => [.. Registry<Backbone>.All.Select(b => b.Attribute.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void Its_text_builds_it_again(string name)
    {
        Backbone network = Create(name);
        Assert.Equal(network.ToString(), Create(network.ToString()).ToString());
        Assert.Equal(network.Parameters().Select(p => (p.Name, p.Parameter.Value.Shape)), Create(network.ToString()).Parameters().Select(p => (p.Name, p.Parameter.Value.Shape)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Images_do_not_influence_each_other_in_use(string name)
    {
        Backbone network = Create(name);
        network.SetTraining(false);
        using Scope scope = Scope.Begin();
        Tensor three = Images(3), third = Tensor.From(three.Span[(2 * Pixels)..], new Shape(1, Side, Side, 3));
        Tensor together = network.Forward(three), alone = network.Forward(third);
        Assert.Equal(new Shape(3, network.Embedding), together.Shape);
        for (int i = 0; i < network.Embedding; i++)
        {
            Assert.Equal(alone.Span[i], together.Span[(2 * network.Embedding) + i], 1e-4f * together.ToArray().Max(MathF.Abs));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_parameter_gets_a_gradient(string name)
    {
        Backbone network = Create(name);
        Loss loss = Loss.Create("softmax", new LossContext(2, network.Embedding, new Rng(2)));
        network.BeginStep(new Rng(3));
        using Tape tape = Tape.Record();
        tape.Backward(loss.Forward(network.Forward(Images(4)), new[] { 0, 1, 0, 1 }));
        Assert.All(network.Parameters(), p => Assert.True(p.Parameter.Gradient is { } g && g.ToArray().All(float.IsFinite), p.Name));
        Assert.Contains(network.Parameters(), p => p.Parameter.Gradient!.ToArray().Any(v => v != 0));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void It_can_be_traced_layer_by_layer(string name)
    {
        NetworkGraph graph = NetworkGraph.Trace(Create(name), new Shape(1, Side, Side, 3));
        Assert.Equal(graph.Nodes.Count, graph.Output);
        Assert.All(graph.Nodes, (n, i) => Assert.All(n.Inputs, v => Assert.InRange(v, 0, i)));
    }

    [Fact]
    public void Mobilefacenet_has_as_many_parameters_as_published() =>
        Assert.Equal(1_003_136, Registry<Backbone>.Create("mobilefacenet", new BackboneContext(112, 112, 3, new Rng(1))).ParameterCount());

    [Fact]
    public void Mobilefacenet_refuses_what_is_no_square() =>
        Assert.Contains("square", Assert.Throws<InputException>(() => Registry<Backbone>.Create("mobilefacenet", new BackboneContext(112, 64, 3, new Rng(1)))).Message, StringComparison.Ordinal);

    private const int Side = 32, Pixels = Side * Side * 3;

    private static Backbone Create(string spec)
    {
        string small = spec.StartsWith("iresnet", StringComparison.Ordinal) && !spec.Contains('(', StringComparison.Ordinal) ? spec + "(width=4, embedding=6)" : spec;
        return Registry<Backbone>.Create(small, new BackboneContext(Side, Side, 3, new Rng(1)));
    }

    private static Tensor Images(int count)
    {
        Rng random = new(9);
        float[] values = [.. Enumerable.Range(0, count * Pixels).Select(_ => random.Uniform(-1, 1))];
        return Tensor.From(values, new Shape(count, Side, Side, 3));
    }
}
