namespace Hypersphere.Kernels;

/// <summary>Sizes of a 2-D convolution on NHWC images: x [N,H,W,Cin], w [Cout,KH,KW,Cin/groups], y [N,OutHeight,OutWidth,Cout].</summary>
/// <param name="Batch">Images N.</param>
/// <param name="Height">Rows H of the input.</param>
/// <param name="Width">Columns W of the input.</param>
/// <param name="InChannels">Channels of the input, a multiple of the groups.</param>
/// <param name="OutChannels">Channels of the output, a multiple of the groups.</param>
/// <param name="KernelHeight">Rows of the kernel, ≥ 1.</param>
/// <param name="KernelWidth">Columns of the kernel, ≥ 1.</param>
/// <param name="Stride">Pixels from one output to the next, in both directions, ≥ 1.</param>
/// <param name="Padding">Zeros around the image, on every side, ≥ 0.</param>
/// <param name="Dilation">Pixels from one kernel tap to the next, ≥ 1.</param>
/// <param name="Groups">Parts into which the channels are split; output part g sees input part g alone.</param>
public readonly record struct ConvolutionShape(
    int Batch, int Height, int Width, int InChannels, int OutChannels, int KernelHeight, int KernelWidth,
    int Stride, int Padding, int Dilation, int Groups)
{
    /// <summary>Rows of the output; 0 when the kernel does not fit.</summary>
    public int OutHeight => Out(Height, KernelHeight);

    /// <summary>Columns of the output; 0 when the kernel does not fit.</summary>
    public int OutWidth => Out(Width, KernelWidth);

    /// <summary>Floating-point operations of a forward pass, two a multiplication; each of the two gradients costs as much again.</summary>
    public long Flops => 2L * Batch * OutHeight * OutWidth * OutChannels * KernelHeight * KernelWidth * (InChannels / Groups);

    private int Out(int size, int kernel)
    {
        int free = size + (2 * Padding) - (Dilation * (kernel - 1)) - 1;
        return free < 0 ? 0 : (free / Stride) + 1;
    }
}
