using Hypersphere.Kernels;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>Convolutions: forward, gradient of the input, gradient of the weights.</summary>
internal static unsafe class ConvolutionBench
{
    /// <summary>3×3 layers of a residual network, batch 8.</summary>
    public static IEnumerable<ConvolutionShape> Usual() =>
    [
        new(8, 56, 56, 64, 64, 3, 3, Stride: 1, Padding: 1, Dilation: 1, Groups: 1),
        new(8, 28, 28, 128, 128, 3, 3, Stride: 1, Padding: 1, Dilation: 1, Groups: 1),
        new(8, 14, 14, 256, 256, 3, 3, Stride: 1, Padding: 1, Dilation: 1, Groups: 1),
    ];

    /// <summary>The three passes of one layer.</summary>
    public static IEnumerable<BenchCase> Cases(ConvolutionShape s)
    {
        if (s.OutHeight < 1 || s.InChannels % s.Groups != 0 || s.OutChannels % s.Groups != 0)
        {
            throw new InputException("the kernel must fit into the image, and the groups must divide both numbers of channels.");
        }

        bool isDepthwise = s.Groups > 1 && s.Groups == s.InChannels && s.Groups == s.OutChannels;
        (Pass forward, Pass input, Pass weight) = isDepthwise
            ? ((x, w, y) => DepthwiseConvolution.Forward(s, x, w, null, y),
                (x, w, y) => DepthwiseConvolution.BackwardInput(s, y, w, x, accumulate: false),
                (x, w, y) => DepthwiseConvolution.BackwardWeight(s, x, y, w, accumulate: false))
            : ((Pass)((x, w, y) => Convolution.Forward(s, x, w, null, y)),
                (Pass)((x, w, y) => Convolution.BackwardInput(s, y, w, x, accumulate: false)),
                (Pass)((x, w, y) => Convolution.BackwardWeight(s, x, y, w, accumulate: false)));
        string stride = s.Stride == 1 ? "" : $" stride {s.Stride}", groups = s.Groups == 1 ? "" : $" groups {s.Groups}";
        string shape = $"{s.Batch}x{s.Height}x{s.Width}x{s.InChannels} -> {s.OutChannels}, {s.KernelHeight}x{s.KernelWidth}{stride}{groups}";
        return
        [
            Case("conv-forward", shape, s, forward),
            Case("conv-backward-input", shape, s, input),
            Case("conv-backward-weight", shape, s, weight),
        ];
    }

    private delegate void Pass(float* x, float* w, float* y);

    private static BenchCase Case(string name, string shape, ConvolutionShape s, Pass pass) => new(name, shape, s.Flops, s.Batch, () =>
    {
        Numbers x = new((long)s.Batch * s.Height * s.Width * s.InChannels),
            w = new((long)s.OutChannels * s.KernelHeight * s.KernelWidth * (s.InChannels / s.Groups)),
            y = new((long)s.Batch * s.OutHeight * s.OutWidth * s.OutChannels);
        return new BenchBody(() => pass(x.Pointer, w.Pointer, y.Pointer), () => Array.ForEach([x, w, y], m => m.Release()));
    });
}
