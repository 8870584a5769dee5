using Hypersphere.Kernels;
using Hypersphere.Ops;
using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>A convolution of each channel by a filter of its own: memory-bound where a dense one is compute-bound.</summary>
/// <remarks>Input and output [N, H, W, C]; weight [kernel, kernel, C] in memory, [C, 1, kernel, kernel] in files.</remarks>
public sealed class DepthwiseConv2d : Layer
{
    /// <summary>A depthwise convolution.</summary>
    /// <param name="channels">Channels in and out.</param>
    /// <param name="kernel">Height and width of the filters.</param>
    /// <param name="random">Where the first weights come from.</param>
    /// <param name="stride">Step of the window, at least 1.</param>
    /// <param name="padding">Zeros around the image.</param>
    /// <param name="initializer">How weights begin; U(±1/kernel) by default.</param>
    /// <param name="bias">Whether a bias is added.</param>
    public DepthwiseConv2d(int channels, int kernel, Rng random, int stride = 1, int padding = 0, Initializer? initializer = null, bool bias = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        (Channels, Kernel, Stride, Padding) = (channels, kernel, stride, padding);
        Weight = Add("weight", new Parameter(
            new Shape(kernel, kernel, channels), ParameterKind.Weight, FileLayout.Depthwise(kernel, kernel, channels)));
        (initializer ?? Initializers.FanIn)(Weight.Value.Span, kernel * kernel, kernel * kernel, random.Fork("weight"));
        if (bias)
        {
            Bias = Add("bias", new Parameter(new Shape(channels), ParameterKind.Vector));
            Initializers.FanIn(Bias.Value.Span, kernel * kernel, channels, random.Fork("bias"));
        }
    }

    /// <summary>Channels in and out.</summary>
    public int Channels { get; }

    /// <summary>Height and width of the filters.</summary>
    public int Kernel { get; }

    /// <summary>Step of the window.</summary>
    public int Stride { get; }

    /// <summary>Zeros around the image.</summary>
    public int Padding { get; }

    /// <summary>[kernel, kernel, C].</summary>
    public Parameter Weight { get; }

    /// <summary>[C], if there is one.</summary>
    public Parameter? Bias { get; }

    /// <summary>[out], slopes of a PReLU that became part of the layer; null for none.</summary>
    internal Tensor? Slopes { get; set; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        RequireImages("DepthwiseConv2d", x, Channels);
        ConvolutionShape s = new(
            x.Shape[0], x.Shape[1], x.Shape[2], Channels, Channels, Kernel, Kernel, Stride, Padding, 1, Channels);
        if (s.OutHeight < 1 || s.OutWidth < 1)
        {
            Throw.Shape("DepthwiseConv2d", "the image", $"at least as large as the {Kernel}×{Kernel} kernel less padding", x.Shape.ToString());
        }

        return Convolve.Forward(s, x, Weight.Value, Bias?.Value, Slopes);
    }
}
