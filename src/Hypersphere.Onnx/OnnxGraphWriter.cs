using System.Globalization;
using Hypersphere.Layers;
using Hypersphere.Tensors;

namespace Hypersphere.Onnx;

/// <summary>Turns a traced network into operations, channels first.</summary>
/// <param name="graph">The network.</param>
internal sealed class OnnxGraphWriter(NetworkGraph graph)
{
    private const string Output = "embedding";

    private static readonly Dictionary<string, OnnxAttribute> None = [];

    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, OnnxTensor> _constants = new(StringComparer.Ordinal);

    public OnnxModel Write(OnnxInput input, int opset, bool normalize, IReadOnlyDictionary<string, string> metadata)
    {
        string[] values = new string[graph.Nodes.Count + 1];
        values[0] = input.Name;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            values[i + 1] = i + 1 == graph.Output && !normalize ? Output : string.Create(CultureInfo.InvariantCulture, $"value{i + 1}");
            Add(graph.Nodes[i], values[i + 1], [.. graph.Nodes[i].Inputs.Select(v => values[v])]);
        }

        if (normalize)
        {
            Node("LpNormalization", Output, [values[graph.Output]], ("axis", Whole(1)), ("p", Whole(2)));
        }

        return new OnnxModel(opset, _nodes, _constants, [input], [Output], metadata);
    }

    private void Add(GraphNode node, string output, string[] inputs)
    {
        bool image = node.Output.Rank == 4;
        switch (node.Module)
        {
            case Conv2d conv:
                Node("Conv", output, [inputs[0], .. Weights(output, conv.Weight, conv.Bias)], Window(conv.Kernel, conv.Stride, conv.Padding,
                    ("group", Whole(conv.Groups)), ("dilations", Whole(conv.Dilation, conv.Dilation))));
                break;
            case DepthwiseConv2d conv:
                Node("Conv", output, [inputs[0], .. Weights(output, conv.Weight, conv.Bias)], Window(conv.Kernel, conv.Stride, conv.Padding,
                    ("group", Whole(conv.Channels)), ("dilations", Whole(1, 1))));
                break;
            case BatchNorm norm: Normalize(norm, output, inputs[0]); break;
            case Linear linear:
                Node("Gemm", output, [inputs[0], .. Weights(output, linear.Weight, linear.Bias)], ("transB", Whole(1)));
                break;
            case PReLU rectifier:
                Node("PRelu", output, [inputs[0], PerChannel(output + ".slope", rectifier.Slope.Value.ToArray(), image)]);
                break;
            case ReLU: Node("Relu", output, inputs); break;
            case LeakyReLU leaky: Node("LeakyRelu", output, inputs, ("alpha", Real(leaky.Slope))); break;
            case Sigmoid: Node("Sigmoid", output, inputs); break;
            case Clip clip: Node("Clip", output, [inputs[0], Constant(output + ".min", [clip.Low], []), Constant(output + ".max", [clip.High], [])]); break;
            case Sum: Node("Add", output, inputs); break;
            case Product: Node("Mul", output, inputs); break;
            case ChannelScale scale:
                Node("Mul", output + ".scaled", [inputs[0], PerChannel(output + ".scale", scale.Scale.ToArray(), image)]);
                Node("Add", output, [output + ".scaled", PerChannel(output + ".shift", scale.Shift.ToArray(), image)]);
                break;
            case MaxPool2d pool: Node("MaxPool", output, inputs, Window(pool.Kernel, pool.Stride, pool.Padding)); break;
            case AvgPool2d pool:
                Node("AveragePool", output, inputs, Window(pool.Kernel, pool.Stride, pool.Padding, ("count_include_pad", Whole(1))));
                break;
            case GlobalAvgPool2d:
                Node("GlobalAveragePool", output + ".image", inputs);
                Node("Flatten", output, [output + ".image"], ("axis", Whole(1)));
                break;
            case Flatten flatten: Flatten(flatten, node, output, inputs[0]); break;
            case ToPixel:
                _constants[output + ".shape"] = new OnnxTensor([4], [0, -1, 1, 1], IsShape: true);
                Node("Reshape", output, [inputs[0], output + ".shape"]);
                break;
            default:
                throw new InputException($"{node.Module.GetType().Name}: this layer has no ONNX operator here, so the network cannot be exported");
        }
    }

    /// <summary>In channels-first order, unless what follows counts its inputs in memory's order.</summary>
    private void Flatten(Flatten flatten, GraphNode node, string output, string input)
    {
        int value = graph.Nodes.ToList().IndexOf(node) + 1;
        Shape before = node.Inputs[0] == 0 ? graph.Input : graph.Nodes[node.Inputs[0] - 1].Output;
        bool turned = before.Rank == 4 && before[1] * before[2] > 1 && !flatten.ChannelsFirst
            && !graph.Nodes.Where(n => n.Inputs.Contains(value)).All(n => n.Module is Linear { Weight.Layout.IsSame: false });
        if (turned)
        {
            Node("Transpose", output + ".turned", [input], ("perm", Whole(0, 2, 3, 1)));
        }

        Node("Flatten", output, [turned ? output + ".turned" : input], ("axis", Whole(1)));
    }

    private void Normalize(BatchNorm norm, string output, string input)
    {
        float[] ones = [.. Enumerable.Repeat(1f, norm.Channels)];
        Node(
            "BatchNormalization", output,
            [
                input, Constant(output + ".scale", norm.Scale?.Value.ToArray() ?? ones), Constant(output + ".shift", norm.Shift?.Value.ToArray() ?? new float[norm.Channels]),
                Constant(output + ".mean", norm.RunningMean.ToArray()), Constant(output + ".variance", norm.RunningVariance.ToArray()),
            ],
            ("epsilon", Real(norm.Epsilon)));
    }

    private string[] Weights(string output, Parameter weight, Parameter? bias)
    {
        float[] values = new float[weight.Value.Count];
        weight.Layout.ToFile(weight.Value.Span, values);
        string name = Constant(output + ".weight", values, weight.Layout.Shape.ToArray());
        return bias is null ? [name] : [name, Constant(output + ".bias", bias.Value.ToArray())];
    }

    private string PerChannel(string name, float[] values, bool image) => Constant(name, values, image ? [values.Length, 1, 1] : [values.Length]);

    private string Constant(string name, float[] values, int[]? extents = null)
    {
        _constants[name] = new OnnxTensor(extents ?? [values.Length], values);
        return name;
    }

    private void Node(string type, string output, string[] inputs, params (string Name, OnnxAttribute Value)[] attributes) => _nodes.Add(new OnnxNode(
        type, string.Create(CultureInfo.InvariantCulture, $"{type}{_nodes.Count + 1}"), inputs, [output],
        attributes.Length == 0 ? None : attributes.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal)));

    private static (string, OnnxAttribute)[] Window(int kernel, int stride, int padding, params (string, OnnxAttribute)[] more) =>
    [
        ("kernel_shape", Whole(kernel, kernel)), ("strides", Whole(stride, stride)), ("pads", Whole(padding, padding, padding, padding)), .. more,
    ];

    private static OnnxAttribute Whole(params long[] values) => new(values, [], null, null);

    private static OnnxAttribute Real(float value) => new([], [value], null, null);
}
