using Hypersphere.Layers;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Layers;

public sealed class LayerTests
{
    private static readonly Rng _random = new(3);

    public static TheoryData<string> Names => [.. Layers.Keys];

    private static Dictionary<string, (Func<Layer> Make, Shape Input)> Layers { get; } = new(StringComparer.Ordinal)
    {
        ["linear"] = (() => new Linear(5, 3, _random), new Shape(4, 5)),
        ["conv"] = (() => new Conv2d(2, 3, 3, _random, padding: 1), new Shape(2, 5, 4, 2)),
        ["conv strided dilated"] = (() => new Conv2d(2, 4, 3, _random, stride: 2, padding: 2, dilation: 2, bias: false), new Shape(2, 7, 6, 2)),
        ["conv grouped"] = (() => new Conv2d(4, 6, 3, _random, groups: 2), new Shape(1, 5, 5, 4)),
        ["conv 1x1"] = (() => new Conv2d(3, 2, 1, _random), new Shape(2, 3, 3, 3)),
        ["depthwise"] = (() => new DepthwiseConv2d(3, 3, _random, stride: 2, padding: 1), new Shape(2, 5, 5, 3)),
        ["batch norm 1d"] = (() => new BatchNorm1d(3), new Shape(6, 3)),
        ["batch norm 2d"] = (() => new BatchNorm2d(3), new Shape(2, 3, 2, 3)),
        ["batch norm without scale"] = (() => new BatchNorm1d(3, scale: false), new Shape(6, 3)),
        ["batch norm in use"] = (() => InUse(new BatchNorm2d(3)), new Shape(2, 2, 2, 3)),
        ["prelu"] = (() => new PReLU(3), new Shape(4, 3)),
        ["prelu shared"] = (() => new PReLU(1, 0.1f), new Shape(4, 3)),
        ["average pool"] = (() => new AvgPool2d(3, 2, 1), new Shape(2, 5, 4, 2)),
        ["global average"] = (() => new GlobalAvgPool2d(), new Shape(2, 3, 4, 2)),
        ["residual"] = (() => new Residual(new Conv2d(2, 2, 3, _random, padding: 1), new Conv2d(2, 2, 1, _random)), new Shape(1, 4, 4, 2)),
        ["identity shortcut"] = (() => new Residual(new Linear(3, 3, _random)), new Shape(2, 3)),
        ["residual with norms"] = (
            () => new Residual(
                new Sequential(new Conv2d(2, 2, 3, _random, padding: 1, bias: false), new BatchNorm2d(2)),
                new Sequential(new Conv2d(2, 2, 1, _random, bias: false), new BatchNorm2d(2))),
            new Shape(2, 4, 4, 2)),
        ["residual of residuals"] = (
            () => new Sequential(
                new Residual(new Sequential(new Linear(3, 3, _random, bias: false), new BatchNorm1d(3))),
                new Residual(new Sequential(new Residual(new Linear(3, 3, _random, bias: false)), new Linear(3, 3, _random, bias: false), new BatchNorm1d(3)))),
            new Shape(5, 3)),
        ["sums of one value"] = (
            () => new ModuleGraph(
            [
                new("line", new Linear(3, 3, _random), [0]), new("twice", new Sum(), [1, 1]), new("again", new Sum(), [2, 1]), new("square", new Product(), [3, 3]),
            ]),
            new Shape(2, 3)),
        ["chain"] = (() => new Sequential(new Conv2d(1, 2, 3, _random), new Flatten(), new Linear(8, 2, _random)), new Shape(2, 4, 4, 1)),
        ["depthwise with bias"] = (() => new DepthwiseConv2d(3, 3, _random, bias: true), new Shape(2, 4, 5, 3)),
        ["batch norm of any rank"] = (() => new BatchNormAny(3), new Shape(2, 3, 2, 3)),
        ["leaky relu"] = (() => new LeakyReLU(0.2f), new Shape(4, 3)),
        ["sigmoid"] = (() => new Sigmoid(), new Shape(4, 3)),
        ["clip"] = (() => new Clip(-0.4f, 1.3f), new Shape(4, 5)),
        ["channel scale"] = (() => Scaled(), new Shape(2, 3, 2, 3)),
        ["flatten channels first"] = (() => new Sequential(new Conv2d(2, 3, 1, _random), new Flatten(channelsFirst: true)), new Shape(2, 3, 2, 2)),
        ["graph with a gate"] = (() => new ModuleGraph(
            [
                new("conv", new Conv2d(2, 3, 1, _random), [0]), new("mean", new GlobalAvgPool2d(), [1]), new("pixel", new ToPixel(), [2]),
                new("gate", new Sigmoid(), [3]), new("product", new Product(), [1, 4]), new("square", new Product(), [5, 5]),
            ]), new Shape(2, 3, 2, 2)),
        ["dropout"] = (() => new Dropout(0), new Shape(3, 4)),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_agree_with_differences(string name)
    {
        (Func<Layer> make, Shape input) = Layers[name];
        ModuleGradient.Check(make(), input);
    }

    [Fact]
    public void Flattening_channels_first_puts_the_pixels_of_a_channel_side_by_side()
    {
        Tensor x = Tensor.From([1, 10, 2, 20, 3, 30, 4, 40], new Shape(1, 2, 2, 2));
        Assert.Equal([1, 2, 3, 4, 10, 20, 30, 40], new Flatten(channelsFirst: true).Forward(x).ToArray());
        Assert.Equal(x.ToArray(), new Flatten().Forward(x).ToArray());
    }

    [Fact]
    public void A_graph_refuses_values_that_are_not_there_yet() =>
        Assert.Throws<ArgumentException>(() => new ModuleGraph([new("a", new ReLU(), [1])]));

    [Fact]
    public void Max_pooling_passes_the_gradient_to_the_winner()
    {
        Parameter x = new(new Shape(1, 2, 4, 1), ParameterKind.Weight);
        new float[] { 1, 5, 2, 2, 3, 4, 9, 2 }.CopyTo(x.Value.Span);
        using Tape tape = Tape.Record();
        Tensor y = new MaxPool2d(2).Forward(x.Value).Keep();
        tape.Backward(new Linear(2, 1, _random, bias: false, initializer: Initializers.Constant(1)).Forward(new Flatten().Forward(y)));
        Assert.Equal([5, 9], y.ToArray());
        Assert.Equal([0, 1, 0, 0, 0, 0, 1, 0], x.Gradient!.ToArray());
    }

    [Fact]
    public void Relu_cuts_negative_numbers()
    {
        Parameter x = new(new Shape(1, 3), ParameterKind.Weight);
        new float[] { -1, 0, 2 }.CopyTo(x.Value.Span);
        using Tape tape = Tape.Record();
        Tensor y = new ReLU().Forward(x.Value).Keep();
        tape.Backward(new Linear(3, 1, _random, bias: false, initializer: Initializers.Constant(1)).Forward(y));
        Assert.Equal([0, 0, 2], y.ToArray());
        Assert.Equal([0, 0, 1], x.Gradient!.ToArray());
    }

    [Fact]
    public void Dropout_depends_on_the_step_and_keeps_the_mean()
    {
        Dropout layer = new(0.25f);
        Tensor ones = Tensor.From([.. Enumerable.Repeat(1f, 20_000)], new Shape(20_000));
        layer.BeginStep(new Rng(1).Fork("step", 5));
        float[] first = layer.Forward(ones).ToArray();
        layer.BeginStep(new Rng(1).Fork("step", 5));
        Assert.Equal(first, layer.Forward(ones).ToArray());
        layer.BeginStep(new Rng(1).Fork("step", 6));
        Assert.NotEqual(first, layer.Forward(ones).ToArray());
        Assert.InRange(first.Average(), 0.97, 1.03);
        layer.SetTraining(false);
        Assert.Same(ones, layer.Forward(ones));
    }

    [Fact]
    public void Batch_norm_in_use_applies_what_training_measured()
    {
        BatchNorm1d layer = new(2, momentum: 1f);
        Tensor x = Tensor.From([1, 10, 3, 30, 5, 50], new Shape(3, 2));
        layer.Forward(x);
        Assert.Equal([3, 30], layer.RunningMean.ToArray());
        Assert.Equal([4, 400], layer.RunningVariance.ToArray());
        layer.SetTraining(false);
        Assert.Equal(-1f, layer.Forward(x).Span[0], 4);
    }

    [Theory]
    [InlineData("Linear: the input must be [N, 5] but is [4, 6]")]
    [InlineData("Conv2d: the input must be [N, H, W, 2] but is [1, 2, 8, 8]; images are channels-last here")]
    [InlineData("Conv2d: the image must be at least as large as the 3×3 kernel")]
    [InlineData("Reshape: the new shape")]
    [InlineData("Add: the second summand must be [2, 3] but is [2, 4]")]
    public void Wrong_shapes_are_explained(string start)
    {
        ArgumentException error = Assert.Throws<ShapeException>(() => start.Split(':', ' ')[0] switch
        {
            "Linear" => new Linear(5, 3, _random).Forward(Tensor.Zeros(new Shape(4, 6))),
            "Conv2d" when start.Contains("input", StringComparison.Ordinal) =>
                new Conv2d(2, 2, 3, _random).Forward(Tensor.Zeros(new Shape(1, 2, 8, 8))),
            "Conv2d" => new Conv2d(2, 2, 3, _random).Forward(Tensor.Zeros(new Shape(1, 2, 8, 2))),
            "Reshape" => Ops.Reshape.Forward(Tensor.Zeros(new Shape(2, 3)), new Shape(7)),
            _ => Ops.Add.Forward(Tensor.Zeros(new Shape(2, 3)), Tensor.Zeros(new Shape(2, 4))),
        });
        Assert.StartsWith(start, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Initialisers_have_the_spread_that_their_names_promise()
    {
        float[] w = new float[50_000];
        Initializers.KaimingNormal(w, 50, 100, new Rng(1));
        Assert.Equal(0.04, w.Average(v => (double)v * v), 3);
        Initializers.XavierUniform(w, 50, 100, new Rng(1));
        Assert.InRange(w.Max(), 0.19, 0.2001);
        Initializers.FanIn(w, 25, 100, new Rng(1));
        Assert.InRange(w.Min(), -0.2001, -0.19);
    }

    [Fact]
    public void Parameters_are_named_as_in_a_state_dictionary()
    {
        Sequential net = new(new Conv2d(1, 2, 3, _random), new Residual(new BatchNorm2d(2)));
        Assert.Equal(["0.weight", "0.bias", "1.body.weight", "1.body.bias"], net.Parameters().Select(p => p.Name));
        Assert.Equal(["1.body.running_mean", "1.body.running_var"], net.Buffers().Select(b => b.Name));
    }

    private static ChannelScale Scaled()
    {
        ChannelScale layer = new(3);
        new float[] { 0.5f, -2, 3 }.CopyTo(layer.Scale.Span);
        new float[] { 1, 2, -1 }.CopyTo(layer.Shift.Span);
        return layer;
    }

    private static BatchNorm2d InUse(BatchNorm2d layer)
    {
        layer.SetTraining(false);
        return layer;
    }
}
