using Hypersphere.Backbones;
using Hypersphere.Layers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Onnx.Tests;

/// <summary>Networks to export, with weights and statistics that are not those of a new network.</summary>
internal static class Networks
{
    public static TheoryData<string> Specs =>
    [
        "small-cnn(embedding=9, width=4)", "iresnet(blocks=1 2, width=4, embedding=7)", "iresnet18(width=4, embedding=8)", "every-layer",
    ];

    public static Backbone Create(string spec)
    {
        Registry<Backbone>.Register<EveryLayer>();
        Backbone network = Registry<Backbone>.Create(spec, new BackboneContext(20, 24, 3, new Rng(3)));
        Disturb(network);
        return network;
    }

    public static float[] Embed(Backbone network, float[] images, int count)
    {
        BackboneContext c = network.Context;
        network.SetTraining(false);
        using Scope scope = Scope.Begin();
        return network.Forward(Tensor.From(images, new Shape(count, c.Height, c.Width, c.Channels))).ToArray();
    }

    public static float[] Images(BackboneContext c, int count)
    {
        Rng random = new(11);
        return [.. Enumerable.Range(0, count * c.Height * c.Width * c.Channels).Select(_ => random.Uniform(-1, 1))];
    }

    /// <summary>Largest difference as a share of the largest value.</summary>
    public static double Difference(float[] expected, float[] actual) =>
        expected.Zip(actual).Max(p => Math.Abs((double)p.First - p.Second)) / expected.Max(v => Math.Abs((double)v));

    private static void Disturb(Module network)
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
                v += random.Uniform(-0.1f, 0.1f);
            }
        }
    }

    /// <summary>Whatever else can be exported.</summary>
    [Component("every-layer")]
    private sealed class EveryLayer : Backbone
    {
        private readonly Sequential _first;
        private readonly Sequential _gate;
        private readonly Sequential _last;
        private readonly Product _product = new();

        public EveryLayer(BackboneContext context)
            : base(context)
        {
            Rng random = context.Random;
            _first = Add("first", new Sequential(
                new ChannelScale(3), new Conv2d(3, 8, 3, random, padding: 1), new LeakyReLU(0.1f), new AvgPool2d(3, 2, 1),
                new Conv2d(8, 8, 3, random.Fork("b"), padding: 2, dilation: 2, groups: 2), new Clip(-1, 0.5f),
                new DepthwiseConv2d(8, 3, random.Fork("c"), stride: 2, padding: 1, bias: true), new PReLU(1), new ReLU()));
            _gate = Add("gate", new Sequential(new GlobalAvgPool2d(), new ToPixel(), new Conv2d(8, 8, 1, random.Fork("d")), new Sigmoid()));
            _last = Add("last", new Sequential(new MaxPool2d(2), new BatchNorm2d(8), new Flatten(channelsFirst: true), new BatchNorm1d(48), new Linear(48, 5, random.Fork("e"))));
        }

        public override int Embedding => 5;

        protected override Tensor Compute(Tensor x)
        {
            Tensor images = _first.Forward(x);
            return _last.Forward(_product.Forward(images, _gate.Forward(images)));
        }
    }
}
