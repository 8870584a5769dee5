using Hypersphere.Kernels;
using Hypersphere.Ops;
using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>A window that slides over images [N, H, W, C].</summary>
public abstract class WindowPool : Layer
{
    private protected WindowPool(int kernel, int stride, int padding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(stride);
        if (padding < 0 || padding > kernel / 2)
        {
            Throw.Argument(GetType().Name, "the padding", $"0 to {kernel / 2}, half the window", $"{padding}");
        }

        (Kernel, Stride, Padding) = (kernel, stride == 0 ? kernel : stride, padding);
    }

    /// <summary>Height and width of the window.</summary>
    public int Kernel { get; }

    /// <summary>Its step.</summary>
    public int Stride { get; }

    /// <summary>The border around the image.</summary>
    public int Padding { get; }

    private protected PoolShape ShapeFor(Tensor x)
    {
        if (x.Shape.Rank != 4)
        {
            Throw.Shape(GetType().Name, "the input", "[N, H, W, C]", x.Shape.ToString());
        }

        PoolShape shape = new(x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], Kernel, Stride, Padding);
        if (shape.OutHeight < 1 || shape.OutWidth < 1)
        {
            Throw.Shape(GetType().Name, "the image", $"at least as large as the {Kernel}×{Kernel} window", x.Shape.ToString());
        }

        return shape;
    }
}

/// <summary>The largest value of each window.</summary>
/// <param name="kernel">Height and width of the window.</param>
/// <param name="stride">Its step; 0 means the window's size.</param>
/// <param name="padding">Border that never wins.</param>
public sealed class MaxPool2d(int kernel, int stride = 0, int padding = 0) : WindowPool(kernel, stride, padding)
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Pool.Max(ShapeFor(x), x);
}

/// <summary>The mean of each window, padding counted as zeros.</summary>
/// <param name="kernel">Height and width of the window.</param>
/// <param name="stride">Its step; 0 means the window's size.</param>
/// <param name="padding">Border of zeros.</param>
public sealed class AvgPool2d(int kernel, int stride = 0, int padding = 0) : WindowPool(kernel, stride, padding)
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Pool.Average(ShapeFor(x), x);
}

/// <summary>The mean of each channel over the whole image: [N, H, W, C] to [N, C].</summary>
public sealed class GlobalAvgPool2d : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Shape.Rank != 4)
        {
            Throw.Shape("GlobalAvgPool2d", "the input", "[N, H, W, C]", x.Shape.ToString());
        }

        return Pool.GlobalAverage(x);
    }
}

/// <summary>[N, …] to [N, everything else], in memory's order, (H, W, C) for images, or in that of other libraries, (C, H, W).</summary>
/// <param name="channelsFirst">Whether all pixels of a channel stand side by side.</param>
public sealed class Flatten(bool channelsFirst = false) : Layer
{
    /// <summary>Whether all pixels of a channel stand side by side.</summary>
    public bool ChannelsFirst { get; } = channelsFirst;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => ChannelsFirst && x.Shape.Rank == 4 && x.Shape[1] * x.Shape[2] > 1
        ? Permute.ChannelsFirst(x)
        : Reshape.Forward(x, new Shape(x.Shape[0], x.Shape.RowCount));
}

/// <summary>[N, C] to [N, 1, 1, C]: vectors as images of one pixel.</summary>
public sealed class ToPixel : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Reshape.Forward(x, new Shape(x.Shape[0], 1, 1, x.Shape.RowCount));
}
