using Hypersphere.Kernels;
using Hypersphere.Ops;
using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>Two-dimensional convolution (cross-correlation, as everywhere in the field) of images [N, H, W, C].</summary>
/// <remarks>Output size ⌊(H + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1. Weight [out, kernel, kernel, in/groups] in memory,
/// [out, in/groups, kernel, kernel] in files. Cost 2 · N · H′ · W′ · out · in/groups · kernel² flops.</remarks>
public sealed class Conv2d : Layer
{
    /// <summary>A convolution with square kernels.</summary>
    /// <param name="inputs">Channels in; a multiple of <paramref name="groups"/>.</param>
    /// <param name="outputs">Channels out; a multiple of <paramref name="groups"/>.</param>
    /// <param name="kernel">Height and width of the filters.</param>
    /// <param name="random">Where the first weights come from.</param>
    /// <param name="stride">Step of the window, at least 1.</param>
    /// <param name="padding">Zeros around the image.</param>
    /// <param name="dilation">Distance between the taps of a filter, at least 1.</param>
    /// <param name="groups">Channels are cut into so many independent convolutions.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="initializer">How weights begin; U(±1/√fanIn) by default.</param>
    public Conv2d(
        int inputs, int outputs, int kernel, Rng random, int stride = 1, int padding = 0, int dilation = 1, int groups = 1, bool bias = true,
        Initializer? initializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dilation, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        if (inputs < 1 || outputs < 1 || inputs % groups != 0 || outputs % groups != 0)
        {
            Throw.Argument("Conv2d", "channels in and out", $"positive multiples of groups = {groups}", $"{inputs} and {outputs}");
        }

        (Inputs, Outputs, Kernel, Stride, Padding, Dilation, Groups) = (inputs, outputs, kernel, stride, padding, dilation, groups);
        int fanIn = inputs / groups * kernel * kernel;
        Weight = Add("weight", new Parameter(
            new Shape(outputs, kernel, kernel, inputs / groups),
            ParameterKind.Weight,
            FileLayout.Convolution(outputs, kernel, kernel, inputs / groups)));
        (initializer ?? Initializers.FanIn)(Weight.Value.Span, fanIn, outputs / groups * kernel * kernel, random.Fork("weight"));
        if (bias)
        {
            Bias = Add("bias", new Parameter(new Shape(outputs), ParameterKind.Vector));
            Initializers.FanIn(Bias.Value.Span, fanIn, outputs, random.Fork("bias"));
        }
    }

    /// <summary>Channels in.</summary>
    public int Inputs { get; }

    /// <summary>Channels out.</summary>
    public int Outputs { get; }

    /// <summary>Height and width of the filters.</summary>
    public int Kernel { get; }

    /// <summary>Step of the window.</summary>
    public int Stride { get; }

    /// <summary>Zeros around the image.</summary>
    public int Padding { get; }

    /// <summary>Distance between the taps of a filter.</summary>
    public int Dilation { get; }

    /// <summary>Independent convolutions.</summary>
    public int Groups { get; }

    /// <summary>[out, kernel, kernel, in/groups].</summary>
    public Parameter Weight { get; }

    /// <summary>[out], if there is one.</summary>
    public Parameter? Bias { get; }

    /// <summary>[out], slopes of a PReLU that became part of the layer; null for none.</summary>
    internal Tensor? Slopes { get; set; }

    /// <summary>The weights as the convolution packed them, where they cannot change any more; null where they can.</summary>
    internal KeptWeights? Kept { get; init; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        RequireImages("Conv2d", x, Inputs);
        ConvolutionShape s = new(
            x.Shape[0], x.Shape[1], x.Shape[2], Inputs, Outputs, Kernel, Kernel, Stride, Padding, Dilation, Groups);
        if (s.OutHeight < 1 || s.OutWidth < 1)
        {
            Throw.Shape("Conv2d", "the image", $"at least as large as the {Kernel}×{Kernel} kernel less padding", x.Shape.ToString());
        }

        return Convolve.Forward(s, x, Weight.Value, Bias?.Value, Slopes, Kept);
    }
}
