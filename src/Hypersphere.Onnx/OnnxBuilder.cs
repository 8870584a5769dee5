using Hypersphere.Layers;
using Hypersphere.Tensors;

namespace Hypersphere.Onnx;

/// <summary>Turns operations into layers.</summary>
/// <param name="model">The file.</param>
/// <param name="file">Its name, for messages.</param>
/// <param name="random">For weights that the file does not hold.</param>
internal sealed class OnnxBuilder(OnnxModel model, string file, Rng random)
{
    private const string Known = "Conv, BatchNormalization, PRelu, Relu, LeakyRelu, Clip, Sigmoid, Add, Sub, Mul, Div, MaxPool, AveragePool, GlobalAveragePool, "
        + "Flatten, Reshape, Squeeze, Gemm, MatMul, Dropout, Identity, Constant";

    private readonly List<GraphStep> _steps = [];
    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal) { [model.Inputs[0].Name] = 0 };
    private readonly Dictionary<string, OnnxTensor> _constants = new(model.Constants, StringComparer.Ordinal);

    /// <summary>The layers in order; the last one makes the embedding.</summary>
    /// <exception cref="InputException">An operation is unknown, or used in a way that cannot be built; the message names it.</exception>
    public IReadOnlyList<GraphStep> Build()
    {
        foreach (OnnxNode node in model.Nodes)
        {
            if (node.Outputs.Count == 0)
            {
                throw Wrong(node, "makes nothing");
            }

            Add(node);
        }

        string output = model.Outputs is [string only] ? only : throw new InputException($"{file}: has {model.Outputs.Count} outputs; an embedding network has one");
        return _values.TryGetValue(output, out int value) && value == _steps.Count && value > 0
            ? _steps
            : throw new InputException($"{file}: its output '{output}' is not what its last operation makes");
    }

    private void Add(OnnxNode node)
    {
        switch (node.Operator)
        {
            case "Constant": _constants[node.Outputs[0]] = node.Attributes.GetValueOrDefault("value")?.Tensor ?? throw Wrong(node, "holds no tensor"); break;
            case "Identity" or "Dropout": _values[node.Outputs[0]] = ValueOf(node, 0); break;
            case "Conv": Step(node, Convolution(node)); break;
            case "BatchNormalization": Step(node, Normalization(node)); break;
            case "Relu": Step(node, new ReLU()); break;
            case "LeakyRelu": Step(node, new LeakyReLU(Real(node, "alpha", 0.01f))); break;
            case "PRelu": Step(node, Rectifier(node)); break;
            case "Sigmoid": Step(node, new Sigmoid()); break;
            case "Clip": Step(node, new Clip(Bound(node, 1, "min", float.MinValue), Bound(node, 2, "max", float.MaxValue))); break;
            case "Add" or "Sub" or "Mul" or "Div": Arithmetic(node); break;
            case "MaxPool": Step(node, Pool(node, average: false)); break;
            case "AveragePool": Step(node, Pool(node, average: true)); break;
            case "GlobalAveragePool": Step(node, new Sequential(new GlobalAvgPool2d(), new ToPixel())); break;
            case "Flatten" when Whole(node, "axis", 1) == 1: Step(node, new Flatten(channelsFirst: true)); break;
            case "Reshape" or "Squeeze": Reshape(node); break;
            case "Gemm" or "MatMul": Step(node, Product(node)); break;
            default: throw new InputException($"{file}: {node} cannot be built; known are {Known}");
        }
    }

    private void Step(OnnxNode node, Module module, params int[] inputs)
    {
        int[] values = inputs.Length > 0 ? inputs : [ValueOf(node, 0)];
        _steps.Add(new GraphStep($"{node.Operator.ToLowerInvariant()}{_steps.Count + 1}", module, values));
        if (!_values.TryAdd(node.Outputs[0], _steps.Count))
        {
            throw Wrong(node, $"makes '{node.Outputs[0]}', which was made before");
        }
    }

    private Layer Convolution(OnnxNode node)
    {
        OnnxTensor weight = ConstantOf(node, 1);
        int kernel = weight.Extents.Length == 4 && weight.Extents[2] == weight.Extents[3] ? weight.Extents[2] : throw Wrong(node, "has no square filters");
        int groups = (int)Math.Clamp(Whole(node, "group", 1), 0, int.MaxValue), outputs = weight.Extents[0], inputs = (int)Math.Min(weight.Extents[1] * (long)groups, int.MaxValue);
        (int stride, int dilation, int padding) = (Same(node, "strides", 1), Same(node, "dilations", 1), Padding(node));
        bool bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0;
        if (kernel < 1 || groups < 1 || outputs < 1 || inputs < 1 || stride < 1 || dilation < 1 || outputs % groups != 0)
        {
            throw Wrong(node, $"has {outputs} filters of {weight.Extents[1]}×{kernel}×{kernel} in {groups} groups, step {stride}");
        }

        if (groups == inputs && groups == outputs && dilation == 1 && groups > 1)
        {
            DepthwiseConv2d depthwise = new(outputs, kernel, random, stride, padding, bias: bias);
            Fill(node, depthwise.Weight, weight);
            Fill(node, depthwise.Bias, bias ? ConstantOf(node, 2) : null);
            return depthwise;
        }

        Conv2d convolution = new(inputs, outputs, kernel, random, stride, padding, dilation, groups, bias);
        Fill(node, convolution.Weight, weight);
        Fill(node, convolution.Bias, bias ? ConstantOf(node, 2) : null);
        return convolution;
    }

    private BatchNorm Normalization(OnnxNode node)
    {
        OnnxTensor scale = ConstantOf(node, 1);
        float epsilon = Real(node, "epsilon", 1e-5f), momentum = 1 - Real(node, "momentum", 0.9f);
        int channels = scale.Extents is [> 0] ? scale.Extents[0] : throw Wrong(node, "has no list of scales");
        BatchNorm norm = new BatchNormAny(channels, epsilon, momentum);
        Fill(node, norm.Scale, scale);
        Fill(node, norm.Shift, ConstantOf(node, 2));
        Fill(node, norm.RunningMean, ConstantOf(node, 3));
        Fill(node, norm.RunningVariance, ConstantOf(node, 4));
        return norm;
    }

    private PReLU Rectifier(OnnxNode node)
    {
        OnnxTensor slope = ConstantOf(node, 1);
        if (slope.Count is < 1 or > 1 << 20 || (slope.Count > 1 && slope.Extents.Max() != slope.Count))
        {
            throw Wrong(node, "has slopes that are neither one nor one a channel");
        }

        PReLU rectifier = new((int)slope.Count);
        Fill(node, rectifier.Slope, slope);
        return rectifier;
    }

    private WindowPool Pool(OnnxNode node, bool average)
    {
        int kernel = Same(node, "kernel_shape", 0), stride = Same(node, "strides", 1), padding = Padding(node);
        if (kernel < 1 || stride < 1 || padding > kernel / 2 || Whole(node, "ceil_mode", 0) != 0 || Same(node, "dilations", 1) != 1)
        {
            throw Wrong(node, "has a window that cannot be built: it must be square, not dilated, its size rounded down");
        }

        return (average, padding > 0 && Whole(node, "count_include_pad", 0) == 0) switch
        {
            (true, true) => throw Wrong(node, "leaves its padding out of the mean"),
            (true, false) => new AvgPool2d(kernel, stride, padding),
            _ => new MaxPool2d(kernel, stride, padding),
        };
    }

    private void Arithmetic(OnnxNode node)
    {
        int constant = Enumerable.Range(0, 2).FirstOrDefault(i => i < node.Inputs.Count && _constants.ContainsKey(node.Inputs[i]), -1);
        if (constant >= 0)
        {
            Step(node, WithConstant(node, ConstantOf(node, constant), constant), ValueOf(node, 1 - constant));
            return;
        }

        Join join = node.Operator switch
        {
            "Add" => new Sum(),
            "Mul" => new Product(),
            _ => throw Wrong(node, "joins two computed values; that can be built for Add and Mul"),
        };
        int first = ValueOf(node, 0), second = ValueOf(node, 1);
        bool firstIsFactor = node.Operator == "Mul" && first > 0 && _steps[first - 1].Module is Sigmoid;
        Step(node, join, firstIsFactor ? [second, first] : [first, second]);
    }

    /// <summary>x + c, x − c, c − x, x · c, x / c with one number or one a channel.</summary>
    private ChannelScale WithConstant(OnnxNode node, OnnxTensor constant, int position)
    {
        bool perChannel = constant.Count == 1 || constant.Extents.Max() == constant.Count;
        if (constant.Values is not { } c || !perChannel || (node.Operator == "Div" && position == 0))
        {
            throw Wrong(node, "has a constant that is neither one number nor one a channel, or is divided by a computed value");
        }

        ChannelScale layer = new(c.Length);
        for (int i = 0; i < c.Length; i++)
        {
            (layer.Scale.Span[i], layer.Shift.Span[i]) = node.Operator switch
            {
                "Add" => (1, c[i]),
                "Sub" => position == 1 ? (1, -c[i]) : (-1, c[i]),
                "Mul" => (c[i], 0),
                _ => (1 / c[i], 0f),
            };
        }

        return layer;
    }

    private void Reshape(OnnxNode node)
    {
        int[] target = node.Operator == "Squeeze" ? [0, -1] : [.. (ConstantOf(node, 1).Values ?? throw Wrong(node, "has no target")).Select(v => (int)v)];
        bool vector = target.Length == 2 && target[0] is 0 or -1 or 1, pixel = target.Length == 4 && target[2] == 1 && target[3] == 1;
        Step(node, vector ? new Flatten(channelsFirst: true) : pixel ? new ToPixel()
            : throw Wrong(node, $"makes [{string.Join(", ", target)}]; [N, D] and [N, C, 1, 1] can be built"));
    }

    private Linear Product(OnnxNode node)
    {
        OnnxTensor weight = ConstantOf(node, 1);
        bool gemm = node.Operator == "Gemm", transposed = gemm && Whole(node, "transB", 0) != 0, bias = gemm && node.Inputs.Count > 2;
        bool plain = !gemm || (Real(node, "alpha", 1) == 1 && Real(node, "beta", 1) == 1 && Whole(node, "transA", 0) == 0);
        if (weight.Extents.Length != 2 || weight.Extents.Contains(0) || !plain)
        {
            throw Wrong(node, "is no product with a constant matrix");
        }

        (int outputs, int inputs) = transposed ? (weight.Extents[0], weight.Extents[1]) : (weight.Extents[1], weight.Extents[0]);
        Linear layer = new(inputs, outputs, random, bias);
        Fill(node, layer.Weight, transposed || weight.Values is null ? weight : Transposed(weight));
        Fill(node, layer.Bias, bias ? ConstantOf(node, 2) : null);
        return layer;
    }

    private static OnnxTensor Transposed(OnnxTensor matrix)
    {
        (int rows, int columns) = (matrix.Extents[0], matrix.Extents[1]);
        float[] values = new float[matrix.Values!.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[(i % columns * rows) + (i / columns)] = matrix.Values[i];
        }

        return new OnnxTensor([columns, rows], values);
    }

    private void Fill(OnnxNode node, Parameter? parameter, OnnxTensor? tensor)
    {
        if (parameter is null || tensor?.Values is not { } values)
        {
            return;
        }

        if (values.Length != parameter.Value.Count)
        {
            throw Wrong(node, $"has {values.Length} weights where {parameter.Value.Count} belong");
        }

        parameter.Layout.FromFile(values, parameter.Value.Span);
    }

    private void Fill(OnnxNode node, Tensor buffer, OnnxTensor tensor)
    {
        if (tensor.Values is { } values)
        {
            (values.Length == buffer.Count ? values : throw Wrong(node, $"has {values.Length} statistics where {buffer.Count} belong")).CopyTo(buffer.Span);
        }
    }

    private int ValueOf(OnnxNode node, int index)
    {
        string name = index < node.Inputs.Count ? node.Inputs[index] : throw Wrong(node, $"lacks input {index + 1}");
        return _values.TryGetValue(name, out int value) ? value : throw Wrong(node, $"takes '{name}', which nothing before it makes");
    }

    private OnnxTensor ConstantOf(OnnxNode node, int index)
    {
        string name = index < node.Inputs.Count ? node.Inputs[index] : throw Wrong(node, $"lacks input {index + 1}");
        return _constants.TryGetValue(name, out OnnxTensor? tensor) ? tensor : throw Wrong(node, $"takes '{name}', which must be a constant");
    }

    private float Bound(OnnxNode node, int index, string attribute, float otherwise) =>
        index < node.Inputs.Count && node.Inputs[index].Length > 0 ? (ConstantOf(node, index).Values is [float value] ? value : throw Wrong(node, "has no single bound"))
        : Real(node, attribute, otherwise);

    private int Padding(OnnxNode node)
    {
        string? automatic = node.Attributes.GetValueOrDefault("auto_pad")?.Text;
        return automatic is null or "NOTSET" or "VALID" ? Same(node, "pads", 0) : throw Wrong(node, $"pads by the rule {automatic}; give its pads in numbers");
    }

    /// <summary>A setting that must be the same in all directions.</summary>
    private int Same(OnnxNode node, string attribute, int otherwise) =>
        node.Attributes.GetValueOrDefault(attribute)?.Whole is not { Length: > 0 } all ? otherwise
        : all.Distinct().Count() == 1 && all[0] is >= 0 and <= 4096 ? (int)all[0]
        : throw Wrong(node, $"has {attribute} [{string.Join(", ", all.Take(8))}]; the same in all directions can be built");

    private static long Whole(OnnxNode node, string attribute, long otherwise) =>
        node.Attributes.GetValueOrDefault(attribute)?.Whole is [long value] ? value : otherwise;

    private static float Real(OnnxNode node, string attribute, float otherwise) =>
        node.Attributes.GetValueOrDefault(attribute)?.Real is [float value] ? value : otherwise;

    private InputException Wrong(OnnxNode node, string what) => new($"{file}: {node} {what}");
}
